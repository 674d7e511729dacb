"""A slider for lessons, whose stored form is readable text."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mldebt.lab.quiz import bundle

_HERE = Path(__file__).parent


class SliderWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """The slider on the screen. `said` is what the function prints for `value`."""

    _esm = _HERE / "slider.js"
    _css = _HERE / "quiz.css"
    name = traitlets.Unicode().tag(sync=True)
    low = traitlets.Int().tag(sync=True)
    high = traitlets.Int().tag(sync=True)
    value = traitlets.Int().tag(sync=True)
    said = traitlets.Unicode().tag(sync=True)


class Slider:
    """A whole number that the learner moves, and what a function prints for it."""

    def __init__(self, name: str, low: int, high: int, value: int, function: Callable[[int], object]) -> None:
        self._function = function
        self._widget = SliderWidget(name=name, low=low, high=high, value=value, said=_printed(function, value))
        self._widget.observe(self._moved, "value")

    def __repr__(self) -> str:
        name = self._widget.name
        return f"{name} = {self._widget.value}\n{self._widget.said}\nRun this cell in JupyterLab to move {name}."

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return bundle(repr(self), self._widget)

    def _moved(self, change: object) -> None:
        self._widget.said = _printed(self._function, self._widget.value)


def slider(name: str, low: int, high: int, value: int, function: Callable[[int], object]) -> Slider:
    """Show a slider from `low` to `high`; `function` is called with its value, and what it prints is shown."""
    return Slider(name, low, high, value, function)


def _printed(function: Callable[[int], object], value: int) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        function(value)
    return output.getvalue().rstrip()

"""Controls for lessons: ipywidgets whose stored form is readable text."""

import contextlib
import html
import io
from collections.abc import Callable
from typing import Any

import ipywidgets

from mldebt.lab.quiz import bundle


class Slider:
    """A whole number that the learner moves, and what a function prints for it."""

    def __init__(self, name: str, low: int, high: int, value: int, function: Callable[[int], object]) -> None:
        self._name, self._value, self._function = name, value, function
        self._slider = ipywidgets.IntSlider(value, low, high, description=name, style={"description_width": "initial"})
        self._output = ipywidgets.HTML()
        self._slider.observe(lambda change: self._update(), "value")

    def __repr__(self) -> str:
        text = _printed(self._function, self._value).rstrip()
        return f"{self._name} = {self._value}\n{text}\nRun this cell in JupyterLab to move {self._name}."

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        self._update()
        return bundle(repr(self), ipywidgets.VBox([self._slider, self._output]))

    def _update(self) -> None:
        text = html.escape(_printed(self._function, self._slider.value))
        self._output.value = f'<pre role="status">{text}</pre>'


def slider(name: str, low: int, high: int, value: int, function: Callable[[int], object]) -> Slider:
    """Show a slider from `low` to `high`; `function` is called with its value, and what it prints is shown."""
    return Slider(name, low, high, value, function)


def _printed(function: Callable[[int], object], value: int) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        function(value)
    return output.getvalue()

"""Questions against the clock, with a badge at the end: `challenge("05-practice")`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from mldebt.check.item import Item, shown
from mldebt.lab.exercise import find
from mldebt.lab.feedback import CourseError
from mldebt.lab.quiz import QuizWidget, bundle

_HERE = Path(__file__).parent
BADGES = ("gold", "silver", "bronze")


def badge(seconds: float, wrong: int, limit: float) -> str:
    """Return the badge for a finished challenge, or nothing when time was up.

    Gold: no wrong answer, in half the time. Silver: at most one wrong answer. Bronze: finished in time.
    """
    if seconds > limit:
        return ""
    if wrong == 0 and seconds <= limit / 2:
        return "gold"
    return "silver" if wrong <= 1 else "bronze"


class Clock(anywidget.AnyWidget):  # type: ignore[misc]
    """The start button, the time that is left, and the result."""

    _esm = _HERE / "challenge.js"
    _css = _HERE / "quiz.css"
    seconds = traitlets.Int().tag(sync=True)
    running = traitlets.Bool(False).tag(sync=True)
    began = traitlets.Float(0.0).tag(sync=True)  # by the browser's clock, for what it shows; 0: not known yet
    status = traitlets.Unicode("").tag(sync=True)
    badge = traitlets.Unicode("").tag(sync=True)


class Challenge:
    """One question at a time, until all are right or time is up. `now` measures seconds."""

    def __init__(self, items: list[Item], seconds: int, now: Callable[[], float] = time.monotonic) -> None:
        self._items = items
        self._now = now
        self._began = 0.0
        self._place = 0
        self.clock = Clock(seconds=seconds)
        self.clock.on_msg(lambda widget, content, buffers: self.hear(content.get("word", "")))
        self.stage = ipywidgets.VBox()
        self._wrong = 0

    def __repr__(self) -> str:
        questions = [f"{number}. {shown(item)}" for number, item in enumerate(self._items, 1)]
        head = f"A challenge: {len(self._items)} questions in {self.clock.seconds} seconds."
        return "\n\n".join([head, *questions, "Run this cell in JupyterLab to take it."])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return bundle(repr(self), ipywidgets.VBox([self.clock, self.stage]))

    def hear(self, word: str) -> None:
        """React to the clock: `start`, or `over` when the time that it shows is up."""
        if word == "start" and not self.clock.running:
            self._began, self._place, self._wrong = self._now(), 0, 0
            with self.clock.hold_sync():
                self.clock.badge, self.clock.began, self.clock.running = "", 0.0, True
                self._next()
        elif word == "over" and self.clock.running:
            self._over()

    def _over(self) -> None:
        self._end(f"Time is up after {self._place} of {len(self._items)} questions. Try again.")

    def _next(self) -> None:
        place = f"Question {self._place + 1} of {len(self._items)}."
        self.clock.status = f"Right. {place}" if self._place else place
        widget = QuizWidget(self._items[self._place], self._place + 1)
        widget.observe(lambda change: self._answered(change.new), "verdict")
        widget.observe(lambda change: self._tried(widget), "tries")
        self.stage.children = [widget]

    def _tried(self, widget: QuizWidget) -> None:
        self._wrong += widget.verdict == "wrong"

    def _answered(self, verdict: str) -> None:
        if verdict != "right" or not self.clock.running:
            return
        seconds = self._now() - self._began
        if seconds > self.clock.seconds:  # the browser's clock may be late, or its page asleep
            self._over()
            return
        self._place += 1
        if self._place < len(self._items):
            self._next()
            return
        won = badge(seconds, self._wrong, self.clock.seconds)
        result = f"{len(self._items)} questions in {seconds:.0f} seconds, wrong answers: {self._wrong}."
        self._end(f"{won.capitalize()} badge. {result}", won)

    def _end(self, status: str, won: str = "") -> None:
        self.stage.children = []
        with self.clock.hold_sync():
            self.clock.running, self.clock.status, self.clock.badge = False, status, won


def challenge(unit: str, group: str = "challenge", seconds: int = 90) -> Challenge:
    """Show a group of a unit's `quiz.yaml` as a challenge. Raises CourseError for an unknown unit or group."""
    found = find(unit).quizzes
    if group not in found:
        raise CourseError(f"The unit {unit} has no quiz {group!r}; it has {', '.join(found)}.")
    return Challenge(found[group], seconds)

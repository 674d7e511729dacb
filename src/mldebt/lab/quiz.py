"""A quiz in a notebook: `quiz("01-track-model-versions")`.

Each question is one widget whose answer stays in Python. Where no widget can be shown (a stored notebook, nbval,
a terminal) the quiz is its questions as text.
"""

import html
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from mldebt.check.item import Item, shown
from mldebt.check.quiz import NOT_A_NUMBER, NOT_THE_GAPS, Mark, mark
from mldebt.lab.exercise import find
from mldebt.lab.feedback import CourseError, inline

_HERE = Path(__file__).parent
SLIPS = (NOT_A_NUMBER, NOT_THE_GAPS)
"""Responses of a wrong form: the learner is told, and may try again as if nothing had happened."""
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class QuizWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """One question on the screen. `response` holds letters, a number as text, or a text per gap."""

    _esm = _HERE / "quiz.js"
    _css = _HERE / "quiz.css"
    kind = traitlets.Unicode().tag(sync=True)
    ask = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    response = traitlets.List(traitlets.Unicode()).tag(sync=True)
    tries = traitlets.Int(0).tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    feedback = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self, item: Item, number: int, seed: int = 0, answered: Callable[[Item, bool], None] | None = None
    ) -> None:
        super().__init__(
            kind=item.kind,
            ask=f"{number}. {inline(item.ask)} <span>({item.level})</span>",
            code=item.code,
            # What a number may be stays in Python.
            options=[inline(o.text) for o in item.shuffled(seed)] if item.lettered else [],
        )
        self._item = item
        self._seed = seed
        self._answered = answered
        self._first = True
        self._tried = 0
        self.observe(self._check, "tries")

    def _check(self, change: object) -> None:
        if not any(text.strip() for text in self.response):
            self.verdict, self.feedback = "", "<p>Choose or write an answer first.</p>"
            return
        response = self.response if self.kind in ("several", "blank") else self.response[0]
        judged = mark(self._item, response, self._seed)
        self.verdict = "right" if judged.right else "wrong"
        if judged.misconception in SLIPS or (self.kind == "blank" and not all(text.strip() for text in response)):
            self.feedback = "".join(f"<p>{inline(note)}</p>" for note in judged.notes)  # it counts as no try
            return
        self._tried += 1
        self.feedback = _feedback(self._item, judged, self._tried)
        if self._first and self._answered is not None:
            self._answered(self._item, judged.right)
        self._first = False


def _feedback(item: Item, judged: Mark, tries: int) -> str:
    notes = [f"<p>{inline(note)}</p>" for note in judged.notes]
    if not judged.right:
        again = f"<p>Try {tries}. Change your answer and check again.</p>"
        return f"<p><strong>Not yet.</strong></p>{''.join(notes)}{again}"
    steps = "".join(f"<li>{inline(step)}</li>" for step in item.steps)
    remember = f"<p><strong>Remember:</strong> {inline(item.remember)}</p>"
    return f"<p><strong>Right.</strong></p>{''.join(notes)}<ol>{steps}</ol>{remember}"


class Quiz:
    """The questions of one group of a unit's `quiz.yaml`. Display it to answer them."""

    def __init__(self, unit: str, group: str, items: list[Item], seed: int = 0) -> None:
        self.unit = unit
        self.group = group
        self.items = items
        self._seed = seed
        self._first_tries: dict[str, bool] = {}
        self._score = ipywidgets.HTML()

    def __repr__(self) -> str:
        questions = [f"{number}. {shown(item, self._seed)}" for number, item in enumerate(self.items, 1)]
        return "\n\n".join([*questions, "Run this cell in JupyterLab to answer."])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return bundle(repr(self), ipywidgets.VBox(self._widgets()))

    def _widgets(self) -> list[Any]:
        self._first_tries.clear()
        widgets = [QuizWidget(item, number, self._seed, self._note) for number, item in enumerate(self.items, 1)]
        self._score.value = self.score()
        return [*widgets, self._score]

    def _note(self, item: Item, right: bool) -> None:
        self._first_tries[item.id] = right
        self._score.value = self.score()

    def score(self) -> str:
        """Say as HTML how many were right at the first try, and which lessons that suggests."""
        answered, right = len(self._first_tries), sum(self._first_tries.values())
        text = f"Answered {answered} of {len(self.items)}, right at the first try: {right}."
        lessons = sorted({item.lesson for item in self.items if item.lesson})
        if not lessons or answered < len(self.items):
            return f'<p role="status">{text}</p>'
        levels = ", ".join(
            f"{level} {sum(self._first_tries[i.id] for i in items)} of {len(items)}"
            for level in ("easy", "medium", "hard")
            if (items := [item for item in self.items if item.level == level])
        )
        take = [x for x in lessons if not all(self._first_tries[i.id] for i in self.items if i.lesson == x)]
        skip = [x for x in lessons if x not in take]
        return (
            f'<div role="status"><p>{text} By level: {levels}.</p>'
            f"<p><strong>Take:</strong> {html.escape(', '.join(take)) or 'none; every lesson is optional for you'}.</p>"
            f"<p><strong>You may skip:</strong> {html.escape(', '.join(skip)) or 'none yet'}.</p></div>"
        )


def bundle(text: str, widget: Any) -> dict[str, Any]:
    """Make a display of a live widget whose stored form is readable text."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {"text/plain": text, WIDGET_VIEW: view}


def quiz(unit: str, group: str = "lesson", seed: int = 0) -> Quiz:
    """Show a unit's quiz. `group` is a group of its `quiz.yaml`; `seed` sets the order of the options.

    Raises CourseError for an unknown unit or group.
    """
    found = find(unit).quizzes
    if group not in list(found):
        raise CourseError(f"The unit {unit} has no quiz {group!r}; it has {', '.join(found)}.")
    return Quiz(unit, group, found[group], seed)

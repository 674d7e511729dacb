"""An exercise in a notebook: `ex = exercise("03-keep-the-best")`, then `ex.q1.check()`."""

import difflib
import html
import os

from mldebt import units, variant
from mldebt.check import Outcome, Question, judge
from mldebt.extra import INSTALL, lacking
from mldebt.lab import kernel
from mldebt.lab.feedback import CourseError, box, inline, show, show_outcome
from mldebt.lab.progress import Progress, course_folder
from mldebt.quiet import quiet
from mldebt.record import Record


class NoSuchQuestionError(CourseError, AttributeError):
    """The exercise has no question of that name."""


class QuestionView:
    """One question as the learner sees it: `check()`, `hint()` and `solution()`."""

    def __init__(self, exercise: "Exercise", question: Question) -> None:
        self._exercise = exercise
        self._question = question
        self._hints_shown = 0

    def check(self) -> float | None:
        """Judge the answer, show what came of it, and raise NotYet when it is not right.

        nbgrader takes an error for no points, and a number that a cell ends with for a part of them: for it a part
        is returned.
        """
        outcome = self._exercise._judge(self._question)
        if outcome is None:  # a check inside a cell that is being checked
            return None
        partly = 0 < outcome.earned < outcome.points
        if partly and os.environ.get("NBGRADER_EXECUTION") == "autograde":
            return outcome.earned
        progress = self._exercise._progress
        progress.record(self._exercise._unit.name, outcome)
        call = f"{self._exercise._called()}.{self._question.id}.hint()"
        unit = self._exercise._unit
        label = unit.project.replace("-", " ").capitalize() or "Progress"
        steps = f"{label}: {progress.steps(unit.name)}"
        show_outcome(outcome, steps, f"For a hint, run `{call}`.", progress.take_warning())
        return None

    def hint(self) -> None:
        """Show the next hint, a stronger one each time."""
        if Exercise._judging:
            return
        hints, most = self._question.hints, self._exercise._hints
        hints = hints if most is None else hints[:most]
        if not hints:
            raise CourseError("Your instructor has left the hints of this exercise out.")
        at = min(self._hints_shown, len(hints) - 1)
        self._hints_shown += 1
        head = f"Hint {at + 1} of {len(hints)}."
        more = ""
        if at == len(hints) - 1:
            more = "That is the last hint."
            if not self._exercise._handed_out:
                call = f"{self._exercise._called()}.{self._question.id}.solution()"
                more += f" `{call}` shows one answer."
        text = "\n".join(filter(None, [f"{head} {hints[at]}", more]))
        show(text, box([f"<strong>{head}</strong> {inline(hints[at])}", inline(more)]))

    def solution(self) -> None:
        """Show one right answer. Raises CourseError in an exercise that is to be handed in."""
        if self._exercise._handed_out:
            raise CourseError("This exercise is to be handed in, so it shows no solution. `hint()` helps on.")
        code = self._exercise._unit.answers[self._question.id].rstrip()
        rich = f"<strong>One right answer to {self._question.id}.</strong> Type it yourself: you keep what you type."
        shown = f"{box([rich])}<pre class='mldebt-code'>{html.escape(code)}</pre>"
        show(f"One right answer to {self._question.id}:\n\n{code}", shown)

    def __repr__(self) -> str:
        return f"{self._question.id}: {self._question.title}"


class Exercise:
    """The questions of one unit, as attributes: `ex.q1`. Press Tab after the dot to see them."""

    _judging = False  # for the whole class: a re-run of a cell may make another Exercise

    def __init__(
        self, unit: units.Unit, shell: Record, progress: Progress, handed_out: bool = False, hints: int | None = None
    ) -> None:
        self._unit = unit
        self._shell = shell
        self._progress = progress
        self._handed_out = handed_out
        self._hints = hints
        for id, question in unit.questions.items():
            setattr(self, id, QuestionView(self, question))

    def __getattr__(self, name: str) -> QuestionView:
        if name.startswith("_"):  # asked by Python and IPython themselves
            raise AttributeError(name)
        raise NoSuchQuestionError(f"There is no question {name!r} here; there are {', '.join(self._unit.questions)}.")

    def __dir__(self) -> list[str]:
        return [*self._unit.questions]

    def __repr__(self) -> str:
        right = self._progress.right(self._unit.name)
        lines = [f"{self._unit.title}: {self._progress.steps(self._unit.name)}"]
        for id, question in self._unit.questions.items():
            lines.append(f"  {id}  {'right  ' if id in right else 'not yet'}  {question.title}")
        return "\n".join(lines)

    def __deepcopy__(self, memo: object) -> "Exercise":
        return self

    def _outcomes(self) -> list[Outcome]:
        """Judge all questions without showing or keeping anything, for an automated run."""
        return [outcome for q in self._unit.questions.values() if (outcome := self._judge(q)) is not None]

    def _judge(self, question: Question) -> Outcome | None:
        if Exercise._judging:
            return None
        Exercise._judging = True
        try:
            with quiet():
                return judge(question, self._shell.answer(question.id))
        finally:
            Exercise._judging = False

    def _called(self) -> str:
        """Return the name that the learner gave this exercise."""
        return self._shell.name_of(self) or "ex"


def exercise(name: str, *, release: str = "", hints: int | None = None) -> Exercise:
    """Open the exercise of a unit in the running kernel, for example `exercise("03-keep-the-best")`.

    An exercise that an instructor handed out names its `release`, the id of the learner's variant, and how many
    `hints` of a question may be seen. Raises CourseError for an unknown unit or id, and outside IPython.
    """
    shell = kernel.running()
    if shell is None:
        raise CourseError("exercise(...) works in a notebook or in IPython, not in a plain Python script.")
    unit = find(name, release)
    if absent := lacking(unit.extra):
        install = INSTALL.format(extra=unit.extra)
        text = f"This unit also needs {', '.join(absent)}. Run `{install}` in a cell, then restart the kernel."
        show(text, box([inline(text)]))
    return Exercise(unit, shell, Progress(course_folder()), bool(release), hints)


def find(name: str, release: str = "") -> units.Unit:
    """Load a unit, in the variant of a release, or say which name may have been meant."""
    if name not in units.names():
        near = difflib.get_close_matches(str(name), units.names(), n=1, cutoff=0.4)
        raise CourseError(
            f"There is no unit {name!r}."
            + (f" Did you mean {near[0]!r}?" if near else f" The units are {', '.join(units.names())}.")
        )
    if release and not variant.is_id(release):
        raise CourseError(
            "The cell that opens this exercise was changed. Take it from the notebook that you were given."
        )
    try:
        return variant.load(name, release or units.PUBLIC)
    except units.UnitError as error:
        raise CourseError(str(error)) from None

"""What an instructor decides by hand: points and comments, and which learners do not belong into the gradebook.

Each function writes down what can stand, or raises GradebookError with a sentence that says why it cannot.
"""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

from mldebt.clean import few
from mldebt.grading.gradebook import Gradebook, GradebookError
from mldebt.grading.mark import Ruling
from mldebt.grading.tables import rows_of
from mldebt.nearest import nearest

_WHO = "; `mldebt mark list` shows who there is"


def rule(book: Gradebook, ruling: Ruling, roster: Collection[str] | None = None) -> None:
    """Give points for a question, or comment on it.

    The learner is one of the gradebook or of the `roster`. Points may be for any unit, as for an oral exam; a comment
    is on something that is there.
    """
    if why := _why_not(book, ruling, roster):
        raise GradebookError(f"{book.path}: {why}")
    book.rule(ruling)


def withdraw(book: Gradebook, learner: str, unit: str, question: str, reason: str) -> None:
    """Take back the points and comments of one question: what the check said counts again."""
    if why := _not_there(book, learner, book.learners):
        raise GradebookError(f"{book.path}: {why}")
    decided = {ruling.question for ruling in book.standing(learner, unit)}
    if question not in decided:
        others = f"; in {unit} there is something of {few(sorted(decided))}" if decided else ""
        raise GradebookError(f"{book.path}: nothing stands that was decided by hand on {unit}/{question}{others}.")
    book.rule(Ruling(learner, unit, question, None, reason=reason))


def _not_there(book: Gradebook, learner: str, learners: AbstractSet[str], where: str = "") -> str:
    """Say why nothing can be decided about a learner: excluded, or nobody's id."""
    excluded = book.excluded
    if learner in excluded:
        return f"{learner!r} is excluded ({excluded[learner].reason}); `mldebt mark include` takes them back."
    known = learners - excluded.keys()
    return "" if learner in known else f"there is no learner {learner!r}{where}{nearest(learner, known, _WHO)}"


def _why_not(book: Gradebook, ruling: Ruling, roster: Collection[str] | None) -> str:
    learner, unit, units = ruling.learner, ruling.unit, book.handed_in
    where = ", and no --roster to look on" if roster is None else ", nor on the roster"
    if why := _not_there(book, learner, book.learners | {*(roster or ())}, where):
        return why
    if ruling.earned is None and unit not in units and not book.standing(learner, unit):
        return f"nobody has handed in {unit}; there is {', '.join(sorted(units)) or 'no unit'}."
    own = {row.question: row for row in rows_of(learner, unit, book.newest(learner, unit))}
    if ruling.question not in own:
        return f"{unit} has {', '.join(own)}, not {ruling.question!r}."
    most = own[ruling.question].points
    if ruling.earned is not None and not 0 <= ruling.earned <= most:
        return f"{ruling.question} is worth 0 to {most:g} points, so {ruling.earned:g} is no mark."
    return ""


def exclude(book: Gradebook, learners: Sequence[str], reason: str) -> None:
    """Leave learners out of what counts: all of them, or none if one cannot be."""
    known, excluded = book.learners, book.excluded
    for learner in learners:
        if learner not in known:
            raise GradebookError(f"{book.path}: there is no learner {learner!r}{nearest(learner, known, _WHO)}")
        if learner in excluded:
            raise GradebookError(f"{book.path}: {learner!r} is excluded already ({excluded[learner].reason}).")
    book.exclude(dict.fromkeys(learners), True, reason)


def include(book: Gradebook, learners: Sequence[str], reason: str) -> None:
    """Take back learners who were excluded: all of them, or none if one was not."""
    known, excluded = book.learners, book.excluded
    for learner in learners:
        if learner not in known:
            raise GradebookError(f"{book.path}: there is no learner {learner!r}{nearest(learner, excluded, _WHO)}")
        if learner not in excluded:
            others = f"excluded: {few(excluded)}" if excluded else "nobody is"
            raise GradebookError(f"{book.path}: {learner!r} is not excluded; {others}.")
    book.exclude(dict.fromkeys(learners), False, reason)

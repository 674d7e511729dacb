"""What an instructor can decide by hand: points and comments on what was judged, was not, or was only spoken."""

from collections.abc import Collection

from mldebt.grading.mark import Mark, Ruling
from mldebt.grading.tables import rows_of
from mldebt.nearest import nearest


def why_not(
    ruling: Ruling, mark: Mark | None, learners: Collection[str], roster: Collection[str] | None, units: Collection[str]
) -> str:
    """Say in a sentence what is wrong with a ruling; nothing if it can stand.

    `mark` is what counts for the learner's file of that unit, `learners` are those of the gradebook, and `units` those
    that there is something of to comment on. Points may be given for any unit, as for an oral exam.
    """
    if ruling.learner not in {*learners, *(roster or ())}:
        where = "and no --roster to look on" if roster is None else "nor on the roster"
        end = nearest(ruling.learner, {*learners, *(roster or ())}, "; `mldebt mark list` shows who there is")
        return f"there is no learner {ruling.learner!r}, {where}{end}"
    if ruling.earned is None and ruling.unit not in units:
        return f"nobody has handed in {ruling.unit}; there is {', '.join(sorted(units)) or 'no unit'}."
    own = {row.question: row for row in rows_of(ruling.learner, ruling.unit, mark)}
    if ruling.question not in own:
        return f"{ruling.unit} has {', '.join(own)}, not {ruling.question!r}."
    most = own[ruling.question].points
    if ruling.earned is not None and not 0 <= ruling.earned <= most:
        return f"{ruling.question} is worth 0 to {most:g} points, so {ruling.earned:g} is no mark."
    return ""

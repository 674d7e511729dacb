"""What an instructor can decide by hand: points and comments on every row that marks have, judged or not."""

from collections.abc import Sequence

from mldebt.grading.mark import Ruling
from mldebt.grading.tables import Row
from mldebt.nearest import nearest


def why_not(found: Sequence[Row], ruling: Ruling) -> str:
    """Say in a sentence what is wrong with a ruling on one of the rows; nothing if it can stand."""
    learners = {row.learner for row in found}
    if ruling.learner not in learners:
        end = nearest(ruling.learner, learners, "; `mldebt mark list` shows who there is")
        return f"there is no learner {ruling.learner!r}{end}"
    units = sorted({row.unit for row in found if row.unit})
    if ruling.unit not in units:
        return f"nobody has handed in {ruling.unit}; there is {', '.join(units) or 'no unit'}."
    own = {row.question: row for row in found if (row.learner, row.unit) == (ruling.learner, ruling.unit)}
    if ruling.question not in own:
        return f"{ruling.unit} has {', '.join(own)}, not {ruling.question!r}."
    most = own[ruling.question].points
    if ruling.earned is not None and not 0 <= ruling.earned <= most:
        return f"{ruling.question} is worth 0 to {most:g} points, so {ruling.earned:g} is no mark."
    return ""

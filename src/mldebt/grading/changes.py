"""What a run changed: whose submission it replaced, and whether what it judged was answered at all."""

from collections.abc import Iterable
from dataclasses import dataclass

from mldebt.check import Status
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.version import version_of

LEAST = 3
"""Submissions with nothing answered, and no others, before a run looks like one of the exercises handed out."""

_POINTS = """
(SELECT sum(coalesce((SELECT earned FROM ruling r WHERE r.learner = m.learner AND r.unit = m.unit
                      AND r.question = o.question AND earned IS NOT NULL ORDER BY id DESC LIMIT 1), o.earned))
 FROM outcome o WHERE o.verdict = {mark}.verdict) * (1 - {mark}.penalty)
"""


@dataclass(frozen=True)
class Replaced:
    """A submission that stands now in place of one graded before, and the points that count; None if not judged."""

    learner: str
    unit: str
    old: float
    new: float | None


def replaced(book: Gradebook, since: int) -> list[Replaced]:
    """Return the submissions after mark number `since` that stand in place of another one, sorted by learner."""
    rows = book.read(
        f"""
        SELECT m.learner, m.unit, {_POINTS.format(mark="p")}, {_POINTS.format(mark="m")}
        FROM mark m
        JOIN mark p ON p.id = (SELECT max(id) FROM mark WHERE learner = m.learner AND unit = m.unit AND id < m.id)
        JOIN verdict was ON was.id = p.verdict
        LEFT JOIN verdict now ON now.id = m.verdict
        WHERE m.id > ? AND was.submission IS NOT now.submission
        ORDER BY m.learner, m.unit
        """,
        since,
    )
    return [Replaced(*row) for row in rows]


def reassigned(book: Gradebook, since: int, said: Iterable[HandedIn]) -> set[tuple[str, str]]:
    """Return the learners and units judged before as the variant that their file says it is, and now as another one.

    `said` are the files with these variants. Their checks are the same, though a verdict's version is another.
    """
    before = {
        (learner, unit): version
        for learner, unit, version in book.read(
            """
            SELECT m.learner, m.unit, was.version FROM mark m
            JOIN mark p ON p.id = (SELECT max(id) FROM mark WHERE learner = m.learner AND unit = m.unit
                                   AND id < m.id AND verdict IS NOT NULL)
            JOIN verdict was ON was.id = p.verdict
            JOIN verdict now ON now.id = m.verdict AND now.version <> was.version
            WHERE m.id > ?
            """,
            since,
        )
    }
    keys = {(item.learner, item.unit): item for item in said}
    return {key for key in keys.keys() & before if before[key] == version_of(keys[key].unit, keys[key].variant)}


def blank(book: Gradebook, since: int) -> bool:
    """Tell whether nobody answered anything in what was judged after mark number `since`, and it is of several."""
    ((judged, empty),) = book.read(
        "SELECT count(*), total(NOT EXISTS (SELECT 1 FROM outcome WHERE verdict = m.verdict AND status <> ?)) "
        "FROM mark m WHERE id > ? AND verdict IS NOT NULL",
        Status.NOT_ATTEMPTED.value,
        since,
    )
    return bool(judged == empty >= LEAST)

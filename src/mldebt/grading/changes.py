"""What a run changed: whose submission it replaced, what a corrected check gave, and whether anything was answered.

A run is what comes after the mark that was the newest before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mldebt.check import Status
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.mark import Mark
from mldebt.grading.tables import rows
from mldebt.grading.version import version_of

LEAST = 3
"""Submissions with nothing answered, and no others, before a run looks like one of the exercises handed out."""

_STEP = """
WITH step AS (
  SELECT m.learner, m.unit, p.id AS old, m.id AS new, p.verdict AS was, m.verdict AS now FROM mark m
  JOIN mark p ON p.id = (SELECT max(id) FROM mark WHERE learner = m.learner AND unit = m.unit
                         AND id < m.id AND verdict IS NOT NULL)
  WHERE m.id > ?)
"""
"""Each mark of a run, beside the one with the verdict that the learner had before; that of a spoilt run is none."""


@dataclass(frozen=True)
class Replaced:
    """A submission that stands now in place of one graded before, and the points that count; None if not judged."""

    learner: str
    unit: str
    old: float
    new: float | None


@dataclass(frozen=True)
class Correction:
    """A question that has another outcome since its check was corrected; `ruled` if points by hand stand over it."""

    learner: str
    unit: str
    question: str
    old: float
    new: float
    ruled: bool


def newest(book: Gradebook) -> int:
    """Return the number of the newest mark, after which those of a run come."""
    return int(book.read("SELECT coalesce(max(id), 0) FROM mark")[0][0])


def replaced(book: Gradebook, since: int) -> list[Replaced]:
    """Return the submissions after mark number `since` that stand in place of another one, sorted by learner."""
    steps = book.read(
        f"""
        {_STEP}
        SELECT old, new FROM step JOIN verdict b ON b.id = was LEFT JOIN verdict a ON a.id = now
        WHERE b.submission IS NOT a.submission ORDER BY step.learner, step.unit
        """,
        since,
    )
    pairs = [(book.mark(old), book.mark(new)) for old, new in steps]
    return [Replaced(new.learner, new.unit, _earned(old), None if new.problem else _earned(new)) for old, new in pairs]


def _earned(mark: Mark) -> float:
    return sum(row.earned for row in rows([mark]))


def reassigned(book: Gradebook, since: int, said: Iterable[HandedIn]) -> set[tuple[str, str]]:
    """Return the learners and units judged before as the variant that their file says it is, and now as another one.

    `said` are the files with these variants. Their checks are the same, though a verdict's version is another.
    """
    before = {
        (learner, unit): version
        for learner, unit, version in book.read(
            f"""
            {_STEP}
            SELECT step.learner, step.unit, b.version FROM step
            JOIN verdict b ON b.id = was JOIN verdict a ON a.id = now AND a.version <> b.version
            """,
            since,
        )
    }
    keys = {(item.learner, item.unit): item for item in said}
    return {key for key in keys.keys() & before if before[key] == version_of(keys[key].unit, keys[key].variant)}


def corrections(book: Gradebook, since: int) -> list[Correction]:
    """Return the questions that the same notebook got another outcome for, because its check is another one.

    Looked at are the marks after number `since`.
    """
    found = book.read(
        f"""
        {_STEP}
        SELECT step.learner, step.unit, after.question, before.earned, after.earned,
          EXISTS (SELECT 1 FROM standing r WHERE r.learner = step.learner AND r.unit = step.unit
                  AND r.question = after.question AND r.earned IS NOT NULL)
        FROM step
        JOIN verdict a ON a.id = now
        JOIN verdict b ON b.id = was AND b.submission = a.submission AND b.version <> a.version
                       AND b.seed = a.seed AND b.walls = a.walls
        JOIN outcome after ON after.verdict = now
        JOIN outcome before ON before.verdict = was AND before.question = after.question
        WHERE before.earned <> after.earned OR before.status <> after.status
        ORDER BY step.unit, after.place, step.learner
        """,
        since,
    )
    return [Correction(who, unit, question, old, new, bool(ruled)) for who, unit, question, old, new, ruled in found]


def blank(book: Gradebook, since: int) -> bool:
    """Tell whether nobody answered anything in what was judged after mark number `since`, and it is of several."""
    ((judged, empty),) = book.read(
        "SELECT count(*), total(NOT EXISTS (SELECT 1 FROM outcome WHERE verdict = m.verdict AND status <> ?)) "
        "FROM mark m WHERE id > ? AND verdict IS NOT NULL",
        Status.NOT_ATTEMPTED.value,
        since,
    )
    return bool(judged == empty >= LEAST)

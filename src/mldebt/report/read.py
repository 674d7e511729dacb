"""A gradebook as a pandas frame: a row for each question of each learner, and what else a report needs to know."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pandas as pd

from mldebt.check import Status
from mldebt.clean import clean
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.mark import Mark
from mldebt.grading.tables import Row, rows
from mldebt.report.changes import LastRun, last_run
from mldebt.roster import Learner, read_roster

COLUMNS = (*Row.__dataclass_fields__, "score", "judged")
_JUDGED = {status.value for status in Status}


class ReportError(ValueError):
    """A report cannot be made. The message is one sentence that names the file and says what to do."""


@dataclass(frozen=True)
class Book:
    """What a report is made of: rows, the marks they come from, the last run, and the roster, if there is one.

    Who is `excluded` is in none of them.
    """

    rows: pd.DataFrame
    marks: tuple[Mark, ...]
    last: LastRun
    roster: tuple[Learner, ...] = ()
    excluded: tuple[str, ...] = ()
    _names: dict[str, str] = field(default_factory=dict)

    def name(self, learner: str) -> str:
        """Return what a learner is called, fit to be shown: by the roster if it knows them, else by their id."""
        return clean(self._names.get(learner) or learner) or "(no name)"

    @property
    def silent(self) -> list[str]:
        """Return the learners of the roster who have handed in nothing."""
        known = set(self.rows["learner"])
        return [one.id for one in self.roster if one.id not in known]

    @property
    def strangers(self) -> list[str]:
        """Return the learners who are not on the roster, if there is one."""
        known = {one.id for one in self.roster}
        return [learner for learner in sorted(set(self.rows["learner"])) if known and learner not in known]


def read(gradebook: Path | str, roster: Path | str | None = None) -> Book:
    """Read a gradebook, and the roster for names. Raises ReportError, GradebookError or RosterError."""
    path = Path(gradebook)
    if not path.is_file():  # else an empty one would be made
        raise ReportError(f"{path} is not there; name the gradebook that `mldebt grade` wrote.")
    learners = read_roster(Path(roster)) if roster is not None else []
    with Gradebook(path) as book:
        marks = tuple(book.marks())
        last, excluded = last_run(book, marks), tuple(book.excluded)
    known = tuple(one for one in learners if one.id not in excluded)
    return Book(frame(marks), marks, last, known, excluded, {one.id: one.name for one in known})


def frame(marks: Sequence[Mark]) -> pd.DataFrame:
    """Return the rows of the marks as a frame.

    `earned` is what counts: with rulings, less the penalty for lateness. `score` is the share of the points before
    that penalty, which says something of the answer. `judged` tells an answer with an outcome of a check from one
    that is absent or in a file that could not be judged.
    """
    found: Iterable[Row] = rows(marks)
    on_time = rows([replace(mark, penalty=0.0) for mark in marks])
    table = pd.DataFrame(
        [
            {**asdict(row), "score": _share(same.earned, row), "judged": row.outcome in _JUDGED}
            for row, same in zip(found, on_time, strict=True)
        ],
        columns=list(COLUMNS),
    )
    return table.astype({"earned": float, "points": float, "score": float, "judged": bool})


def _share(earned: float, row: Row) -> float:
    return earned / row.points if row.points else float(row.outcome == Status.RIGHT.value)

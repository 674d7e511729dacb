"""The gradebook: one SQLite file that keeps every verdict and every mark, and forgets none.

A verdict belongs to a content: the same notebook, judged by the same checks with the same seed, has the same one.
A mark says which verdict a learner's file got; the newest mark of a learner for a unit is the one that counts.
A ruling is what an instructor decided by hand about one question of one learner; the newest one with points counts.
Rows are added and never changed, and each submission is one transaction, so a run can be ended at any moment.
"""

import contextlib
import datetime as dt
import json
import secrets
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from mldebt.check import Outcome, Status
from mldebt.grading.by_hand import why_not
from mldebt.grading.collect import HandedIn
from mldebt.grading.mark import ABSENT, Mark, Ruling

_SCHEMA = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE verdict (
  id INTEGER PRIMARY KEY, submission TEXT NOT NULL, unit TEXT NOT NULL, version TEXT NOT NULL, seed TEXT NOT NULL,
  walls INTEGER NOT NULL, notes TEXT NOT NULL, time TEXT NOT NULL,
  UNIQUE (submission, unit, version, seed, walls));
CREATE TABLE outcome (
  verdict INTEGER NOT NULL REFERENCES verdict, place INTEGER NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL,
  earned REAL NOT NULL, points REAL NOT NULL, message TEXT NOT NULL, misconception TEXT, line TEXT,
  PRIMARY KEY (verdict, place)) WITHOUT ROWID;
CREATE TABLE mark (
  id INTEGER PRIMARY KEY, learner TEXT NOT NULL, unit TEXT NOT NULL, file TEXT NOT NULL,
  verdict INTEGER REFERENCES verdict, problem TEXT NOT NULL, message TEXT NOT NULL, notes TEXT NOT NULL,
  handed_in TEXT NOT NULL, penalty REAL NOT NULL, time TEXT NOT NULL);
CREATE INDEX mark_of ON mark (learner, unit, id);
CREATE TABLE work (
  submission TEXT NOT NULL, unit TEXT NOT NULL, question TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (submission, unit, question)) WITHOUT ROWID;
CREATE TABLE ruling (
  id INTEGER PRIMARY KEY, learner TEXT NOT NULL, unit TEXT NOT NULL, question TEXT NOT NULL, earned REAL,
  reason TEXT NOT NULL, comment TEXT NOT NULL, time TEXT NOT NULL);
CREATE INDEX ruling_on ON ruling (learner, unit, question, id);
CREATE VIEW counts AS SELECT * FROM mark WHERE id IN (SELECT max(id) FROM mark GROUP BY learner, unit);
"""
_KEPT = "".join(
    f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the gradebook is added to, never changed'); END;\n"
    for table in ("verdict", "outcome", "mark", "work", "ruling")
    for verb in ("UPDATE", "DELETE")
)
_FORMAT = "2"


class GradebookError(ValueError):
    """The file cannot be used as a gradebook. The message is one sentence that names it."""


class Gradebook:
    """The file at `path`, made when it is not there. `seed` is what the checks of all its runs draw from."""

    def __init__(self, path: Path, seed: str | None = None) -> None:
        self.path = path
        try:
            self._db = sqlite3.connect(path, timeout=60, isolation_level=None)
            self._open(seed)
        except sqlite3.Error as error:
            raise GradebookError(f"{path} cannot be used as a gradebook: {error}.") from None

    def _open(self, seed: str | None) -> None:
        self._db.execute("PRAGMA foreign_keys = ON")
        with self._transaction():
            tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables:
                for statement in [*_SCHEMA.split(";\n"), *_KEPT.split("END;\n")]:
                    if statement.strip():
                        self._db.execute(f"{statement} END" if "TRIGGER" in statement else statement)
                self._db.execute("INSERT INTO about VALUES ('format', ?)", [_FORMAT])
                self._db.execute("INSERT INTO about VALUES ('seed', ?)", [seed or secrets.token_hex(8)])
            elif not {"about", "verdict", "outcome", "mark"} <= tables:
                raise GradebookError(f"{self.path} is a database of something else; name another file.")
            about = dict(self._db.execute("SELECT key, value FROM about"))
        if about.get("format") != _FORMAT:
            raise GradebookError(f"{self.path} was made by another version of mldebt; name another file.")
        self.seed: str = seed or about["seed"]

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def release(self) -> str:
        """The id of the release that it was graded with; empty without one, and as long as there are no marks."""
        found = self.read("SELECT value FROM about WHERE key = 'release' AND EXISTS (SELECT 1 FROM mark)")
        return str(found[0][0]) if found else ""

    def bind(self, release: str) -> None:
        """Note the id of the release that it is graded with from now on."""
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO about VALUES ('release', ?)", [release])

    def knows(self, digest: str, unit: str, version: str, walls: bool) -> bool:
        """Tell whether there is a verdict on this content."""
        return self._verdict(digest, unit, version, walls) is not None

    def _verdict(self, digest: str, unit: str, version: str, walls: bool) -> int | None:
        found = self._db.execute(
            "SELECT id FROM verdict WHERE submission = ? AND unit = ? AND version = ? AND seed = ? AND walls = ?",
            [digest, unit, version, self.seed, walls],
        ).fetchone()
        return int(found[0]) if found else None

    def record(
        self,
        item: HandedIn,
        version: str = "",
        walls: bool = True,
        outcomes: tuple[Outcome, ...] = (),
        notes: tuple[str, ...] = (),
        work: Mapping[str, str] | None = None,
    ) -> None:
        """Write one file's verdict, unless it is known, and the learner's mark, unless it is the newest already."""
        now = _now()
        with self._transaction():
            verdict = None
            if not item.problem:
                verdict = self._verdict(item.digest, item.unit, version, walls)
                if verdict is None:
                    key = [item.digest, item.unit, version, self.seed, walls]
                    verdict = self._add("verdict (submission, unit, version, seed, walls, notes, time)",
                                        [*key, json.dumps(notes), now])  # fmt: skip
                    for place, o in enumerate(outcomes):
                        row = [verdict, place, o.question, o.status.value, o.earned, o.points, o.message]
                        self._add("outcome", [*row, o.misconception, o.line])
                    for question, source in (work or {}).items():
                        row = [item.digest, item.unit, question, source.encode("utf-8", "replace").decode()]
                        self._db.execute("INSERT OR IGNORE INTO work VALUES (?, ?, ?, ?)", row)
            file = (item.file or str(item.path)).encode("utf-8", "backslashreplace").decode()
            mark: list[Any] = [
                item.learner,
                item.unit,
                file,
                verdict,
                item.problem,
                item.message,
                json.dumps(item.notes),
            ]
            mark += [item.handed_in, item.penalty]
            last = self._db.execute(
                "SELECT learner, unit, file, verdict, problem, message, notes, handed_in, penalty FROM counts "
                "WHERE learner = ? AND unit = ?",
                [item.learner, item.unit],
            ).fetchone()
            if list(last or ()) != mark:
                columns = "learner, unit, file, verdict, problem, message, notes, handed_in, penalty, time"
                self._add(f"mark ({columns})", [*mark, now])

    def rule(self, ruling: Ruling, roster: Collection[str] | None = None) -> None:
        """Write down what an instructor decided about a learner of the gradebook, or of the roster.

        Raises GradebookError if it cannot stand.
        """
        mark, units = self.newest(ruling.learner, ruling.unit), self.handed_in
        if self.rulings(ruling.learner, ruling.unit):
            units |= {ruling.unit}
        if why := why_not(ruling, mark, self.learners, roster, units):
            raise GradebookError(f"{self.path}: {why}")
        row = [ruling.learner, ruling.unit, ruling.question, ruling.earned, ruling.reason, ruling.comment, _now()]
        with self._transaction():
            self._add("ruling (learner, unit, question, earned, reason, comment, time)", row)

    def _add(self, table: str, values: list[Any]) -> int:
        places = ", ".join("?" * len(values))
        return int(self._db.execute(f"INSERT INTO {table} VALUES ({places})", values).lastrowid or 0)

    @property
    def learners(self) -> set[str]:
        """The learners who have a mark, or something that was decided by hand."""
        return {learner for (learner,) in self.read("SELECT learner FROM mark UNION SELECT learner FROM ruling")}

    @property
    def handed_in(self) -> set[str]:
        """The units that somebody handed in."""
        return {unit for (unit,) in self.read("SELECT DISTINCT unit FROM mark WHERE unit <> ''")}

    def marks(self) -> Iterator[Mark]:
        """Yield what counts now, sorted by learner and unit."""
        found = self._found("m.id IN (SELECT id FROM counts)")
        ruled = self._db.execute("SELECT learner, unit FROM ruling EXCEPT SELECT learner, unit FROM mark")
        found += [(*key, "", None, ABSENT, "", "[]", None, None, "", 0.0, None) for key in ruled]
        yield from map(self._mark, sorted(found, key=lambda row: row[:2]))

    def mark(self, number: int) -> Mark:
        """Return the mark of that number, whether it counts now or did before, with all that was decided by hand."""
        return self._mark(self._found("m.id = ?", number)[0])

    def newest(self, learner: str, unit: str) -> Mark | None:
        """Return what counts now for a learner's file of a unit, if there was one."""
        found = self._found("m.id = (SELECT max(id) FROM mark WHERE learner = ? AND unit = ?)", learner, unit)
        return self._mark(found[0]) if found else None

    def _found(self, condition: str, *values: object) -> list[tuple[Any, ...]]:
        return self.read(
            "SELECT learner, m.unit, file, verdict, problem, message, m.notes, v.notes, walls, handed_in, penalty, "
            f"submission FROM mark m LEFT JOIN verdict v ON v.id = verdict WHERE {condition}",
            *values,
        )

    def _mark(self, row: tuple[Any, ...]) -> Mark:
        learner, unit, file, verdict, problem, message, notes, more, walls, handed_in, penalty, digest = row
        outcomes = self._db.execute(
            "SELECT question, status, earned, points, message, misconception, line FROM outcome "
            "WHERE verdict = ? ORDER BY place",
            [verdict],
        )
        work = self._db.execute("SELECT question, source FROM work WHERE submission = ? AND unit = ?", [digest, unit])
        return Mark(
            learner,
            unit,
            file,
            tuple(Outcome(row[0], Status(row[1]), *row[2:]) for row in outcomes),
            problem,
            message,
            tuple(json.loads(notes) + json.loads(more or "[]")),
            walls != 0,
            handed_in,
            penalty,
            work=dict(work),
            rulings=tuple(self.rulings(learner, unit)),
        )

    def rulings(self, learner: str, unit: str) -> list[Ruling]:
        """Return what was decided by hand about a learner's answers to a unit, oldest first."""
        rows = self._db.execute(
            "SELECT learner, unit, question, earned, reason, comment, time FROM ruling "
            "WHERE learner = ? AND unit = ? ORDER BY id",
            [learner, unit],
        )
        return [Ruling(*row) for row in rows]

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows that an SQL query finds. Nothing can be changed by it: see above."""
        return self._db.execute(query, values).fetchall()

    def history(self, learner: str, unit: str) -> list[tuple[str, str, float | None]]:
        """Return all marks that a learner ever had for a unit, oldest first: time, file or problem, points."""
        rows = self._db.execute(
            "SELECT time, CASE problem WHEN '' THEN file ELSE problem END, "
            "(SELECT sum(earned) FROM outcome WHERE outcome.verdict = mark.verdict) FROM mark "
            "WHERE learner = ? AND unit = ? ORDER BY id",
            [learner, unit],
        )
        return [tuple(row) for row in rows]


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

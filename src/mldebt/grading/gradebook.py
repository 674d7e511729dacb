"""The gradebook: one SQLite file that keeps every verdict and every mark, and forgets none.

A verdict belongs to a content: the same notebook, judged by the same checks with the same seed, has the same one.
A mark says which verdict a learner's file got; the newest mark of a learner for a unit is the one that counts.
A ruling is what an instructor decided by hand about one question of one learner; the newest one with points counts.
An exclusion leaves a learner out of what counts, or takes them back; the newest one of a learner counts.
Rows are added and never changed, and each submission is one transaction, so a run can be ended at any moment.
"""

import contextlib
import datetime as dt
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mldebt.check import Outcome, Status
from mldebt.grading import schema
from mldebt.grading.collect import HandedIn
from mldebt.grading.mark import ABSENT, Exclusion, Mark, Ruling

_NOT_EXCLUDED = "learner NOT IN (SELECT learner FROM excluded)"


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
                self._make(schema.new())
                self._db.execute("INSERT INTO about VALUES ('seed', ?)", [seed or secrets.token_hex(8)])
            elif not {"about", "verdict", "outcome", "mark"} <= tables:
                raise GradebookError(f"{self.path} is a database of something else; name another file.")
            about = dict(self._db.execute("SELECT key, value FROM about"))
            if about.get("format") in schema.SINCE:
                self._make(schema.SINCE[about["format"]])
                about["format"] = schema.FORMAT
        if about.get("format") != schema.FORMAT:
            raise GradebookError(f"{self.path} was made by another version of mldebt; name another file.")
        self.seed: str = seed or about["seed"]

    def _make(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self._db.execute(statement)
        self._db.execute("INSERT OR REPLACE INTO about VALUES ('format', ?)", [schema.FORMAT])

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
                "SELECT learner, unit, file, verdict, problem, message, notes, handed_in, penalty FROM mark "
                "WHERE id = (SELECT max(id) FROM mark WHERE learner = ? AND unit = ?)",
                [item.learner, item.unit],
            ).fetchone()
            if list(last or ()) != mark:
                columns = "learner, unit, file, verdict, problem, message, notes, handed_in, penalty, time"
                self._add(f"mark ({columns})", [*mark, now])

    def rule(self, ruling: Ruling) -> None:
        """Write down what an instructor decided about an answer. Whether it can stand is asked in by_hand."""
        row = [ruling.learner, ruling.unit, ruling.question, ruling.earned, ruling.reason, ruling.comment, _now()]
        with self._transaction():
            self._add("ruling (learner, unit, question, earned, reason, comment, time)", row)

    def exclude(self, learners: Iterable[str], out: bool, reason: str) -> None:
        """Write down that learners are left out from now on or, where `out` is false, that they are not any more."""
        now = _now()
        with self._transaction():
            for learner in learners:
                self._add("exclusion (learner, out, reason, time)", [learner, out, reason, now])

    @property
    def excluded(self) -> dict[str, Exclusion]:
        """The learners who are left out now, sorted."""
        found = self.read("SELECT learner, out, reason, time FROM excluded ORDER BY learner")
        return {row[0]: Exclusion(row[0], bool(row[1]), *row[2:]) for row in found}

    def exclusions(self, learner: str) -> list[Exclusion]:
        """Return how often a learner was left out and taken back, oldest first."""
        found = self.read("SELECT out, reason, time FROM exclusion WHERE learner = ? ORDER BY id", learner)
        return [Exclusion(learner, bool(out), reason, time) for out, reason, time in found]

    def _add(self, table: str, values: list[Any]) -> int:
        places = ", ".join("?" * len(values))
        return int(self._db.execute(f"INSERT INTO {table} VALUES ({places})", _storable(values)).lastrowid or 0)

    @property
    def learners(self) -> set[str]:
        """All learners, excluded or not, who have a mark or something that was decided by hand."""
        return {learner for (learner,) in self.read("SELECT learner FROM mark UNION SELECT learner FROM ruling")}

    @property
    def handed_in(self) -> set[str]:
        """The units that somebody handed in who is not excluded."""
        found = self.read(f"SELECT DISTINCT unit FROM mark WHERE unit <> '' AND {_NOT_EXCLUDED}")
        return {unit for (unit,) in found}

    def marks(self) -> Iterator[Mark]:
        """Yield what counts now, sorted by learner and unit, without the learners who are excluded."""
        found = self._found(f"m.id IN (SELECT id FROM counts) AND {_NOT_EXCLUDED}")
        ruled = self.read(
            f"SELECT learner, unit FROM standing WHERE {_NOT_EXCLUDED} EXCEPT SELECT learner, unit FROM mark"
        )
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
            rulings=tuple(self.standing(learner, unit)),
        )

    def rulings(self, learner: str, unit: str) -> list[Ruling]:
        """Return all that was ever decided by hand about a learner's answers to a unit, oldest first."""
        return self._rulings("ruling", learner, unit)

    def standing(self, learner: str, unit: str) -> list[Ruling]:
        """Return those of the rulings that were not withdrawn, oldest first."""
        return self._rulings("standing", learner, unit)

    def _rulings(self, table: str, learner: str, unit: str) -> list[Ruling]:
        columns = "learner, unit, question, earned, reason, comment, time"
        found = self.read(f"SELECT {columns} FROM {table} WHERE learner = ? AND unit = ? ORDER BY id", learner, unit)
        return [Ruling(*row) for row in found]

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows that an SQL query finds. Nothing can be changed by it: see above."""
        return self._db.execute(query, _storable(values)).fetchall()

    def history(self, learner: str, unit: str) -> list[tuple[str, str, float | None]]:
        """Return all marks that a learner ever had for a unit, oldest first: time, file or problem, points."""
        rows = self._db.execute(
            "SELECT time, CASE problem WHEN '' THEN file ELSE problem END, "
            "(SELECT sum(earned) FROM outcome WHERE outcome.verdict = mark.verdict) FROM mark "
            "WHERE learner = ? AND unit = ? ORDER BY id",
            [learner, unit],
        )
        return [tuple(row) for row in rows]


def _storable(values: Iterable[object]) -> list[object]:
    """Return the values as SQLite takes them: of a text that came in another encoding, what is no character escaped."""
    return [v.encode("utf-8", "backslashreplace").decode() if isinstance(v, str) else v for v in values]


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")

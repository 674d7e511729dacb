"""What happened to a mark: every verdict and every ruling in the order of time, and what a corrected check changed."""

from dataclasses import dataclass

from mldebt.grading.gradebook import Gradebook


@dataclass(frozen=True)
class Event:
    """One thing that happened to a learner's mark: when, what, about which question ("" for all), and the points."""

    time: str
    what: str
    question: str
    points: str
    said: str


@dataclass(frozen=True)
class Correction:
    """A question that has another outcome since its check was corrected; `ruled` if points by hand stand over it."""

    learner: str
    unit: str
    question: str
    old: float
    new: float
    ruled: bool


def events(book: Gradebook, learner: str, unit: str) -> list[Event]:
    """Return all that happened, oldest first."""
    found = []
    for time, file, verdict, problem, message, penalty, version in book.read(
        "SELECT m.time, file, verdict, problem, message, penalty, version FROM mark m "
        "LEFT JOIN verdict v ON v.id = verdict WHERE learner = ? AND m.unit = ? ORDER BY m.id",
        learner,
        unit,
    ):
        late = f", less {100 * penalty:g} % for being late" if penalty else ""
        checks = f" (checks {version[:8]})" if version else ""
        found.append(Event(time, problem or "judged", "", "", f"{message or _short(file)}{checks}{late}"))
        for question, status, earned, points in book.read(
            "SELECT question, status, earned, points FROM outcome WHERE verdict = ? ORDER BY place", verdict
        ):
            found.append(Event(time, "judged", question, f"{earned:g} of {points:g}", status))
    for ruling in book.rulings(learner, unit):
        what = "comment" if ruling.earned is None else "by hand"
        points = "" if ruling.earned is None else f"{ruling.earned:g}"
        said = " ".join(part for part in (ruling.reason, ruling.comment) if part)
        found.append(Event(ruling.time, what, ruling.question, points, said))
    return sorted(found, key=lambda event: event.time)  # in one second, marks come first, as they were found


def _short(file: str) -> str:
    return "/".join(file.split("/")[-2:])


def newest(book: Gradebook) -> int:
    """Return the number of the newest mark, after which those of a run come."""
    return int(book.read("SELECT coalesce(max(id), 0) FROM mark")[0][0])


def corrections(book: Gradebook, since: int) -> list[Correction]:
    """Return the questions that the same notebook got another outcome for, because its check is another one.

    Looked at are the marks after number `since`, each beside the verdict that the learner had before.
    """
    rows = book.read(
        """
        SELECT m.learner, m.unit, new.question, old.earned, new.earned,
          EXISTS (SELECT 1 FROM ruling r WHERE r.learner = m.learner AND r.unit = m.unit
                  AND r.question = new.question AND r.earned IS NOT NULL)
        FROM mark m
        JOIN mark p ON p.id = (SELECT max(id) FROM mark WHERE learner = m.learner AND unit = m.unit
                               AND id < m.id AND verdict IS NOT NULL)
        JOIN verdict now ON now.id = m.verdict
        JOIN verdict was ON was.id = p.verdict AND was.submission = now.submission AND was.version <> now.version
                         AND was.seed = now.seed AND was.walls = now.walls
        JOIN outcome new ON new.verdict = now.id
        JOIN outcome old ON old.verdict = was.id AND old.question = new.question
        WHERE m.id > ? AND (old.earned <> new.earned OR old.status <> new.status)
        ORDER BY m.unit, new.place, m.learner
        """,
        since,
    )
    return [Correction(who, unit, question, old, new, bool(ruled)) for who, unit, question, old, new, ruled in rows]

"""What happened to a mark: every verdict, ruling and exclusion in the order of time."""

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
        what = "by hand" if ruling.earned is not None else "comment" if ruling.comment else "withdrawn"
        points = "" if ruling.earned is None else f"{ruling.earned:g}"
        said = " ".join(part for part in (ruling.reason, ruling.comment) if part)
        found.append(Event(ruling.time, what, ruling.question, points, said))
    for one in book.exclusions(learner) if found else ():
        found.append(Event(one.time, "excluded" if one.out else "included", "", "", one.reason))
    return sorted(found, key=lambda event: event.time)  # in one second, marks come first, as they were found


def _short(file: str) -> str:
    return "/".join(file.split("/")[-2:])

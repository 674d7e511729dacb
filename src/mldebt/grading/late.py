"""When something was handed in, and what it costs to be late."""

import datetime as dt
import math
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)


class LateError(ValueError):
    """A date or a rule cannot be read. The message is one sentence that shows one that can."""


@dataclass(frozen=True)
class Deadline:
    """When a unit is due; each day begun after that costs `rate` of the points, and all of them at most `most`."""

    due: dt.datetime
    rate: float = 0.0
    most: float = 1.0

    def days(self, time: dt.datetime | None, marked: bool = False) -> int:
        """Return the days begun. Of a file that is `marked` as late, at least one is known."""
        return max(0 if time is None else math.ceil((time - self.due) / DAY), int(marked))

    def penalty(self, days: int) -> float:
        """Return the share of the points that so many days cost."""
        return round(min(self.most, self.rate * days), 6)


def read_due(text: str) -> dt.datetime:
    """Read a date and time of ISO 8601, in this machine's time zone unless it names another. Raises LateError."""
    try:
        due = dt.datetime.fromisoformat(text)
        return due.astimezone()
    except (ValueError, OverflowError):
        raise LateError(f"{text!r} is no date and time; write it as 2026-11-30T23:59.") from None


def read_rule(text: str) -> tuple[float, float]:
    """Read what lateness costs, such as `10%/day` or `10%/day up to 50%`, as two shares. Raises LateError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*/\s*day(?:\s+up\s+to\s+(\d+(?:\.\d+)?)\s*%)?\s*", text)
    rate, most = (float(found[1]) / 100, float(found[2] or 100) / 100) if found else (-1.0, 0.0)
    if not 0 <= rate <= 1 or not 0 <= most <= 1:
        raise LateError(f"{text!r} is no rule for being late; write it as 10%/day, or as 10%/day up to 50%.")
    return rate, most


def read_timestamp(text: str) -> dt.datetime | None:
    """Read nbgrader's timestamp.txt, such as `2026-11-30 22:10:04.123456 UTC`; None if it cannot be read.

    As in nbgrader, a time without a zone is in UTC.
    """
    stamp, _, zone = text.strip().rpartition(" ")
    for moment, named in ((text.strip(), "UTC"), (stamp, zone)):
        try:
            time = dt.datetime.fromisoformat(moment)
            return (time if time.tzinfo else time.replace(tzinfo=ZoneInfo(named))).astimezone()
        except (KeyError, ValueError, OverflowError, OSError):  # what an unknown zone is depends on its name
            continue
    return None


def written(time: dt.datetime | None) -> str:
    """Write a time as the gradebook keeps it; nothing for one that is not known."""
    return time.isoformat(timespec="seconds") if time else ""

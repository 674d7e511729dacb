"""Running the learner's code: within a time limit, whatever it raises said in one sentence with its line."""

import contextlib
import io
import re
import traceback
from collections.abc import Iterator

from mldebt.check.limit import TimeLimitError, time_limit
from mldebt.check.outcome import BrokeError, NotAttemptedError, TimedOutError
from mldebt.check.source import Cell

SECONDS = 5.0
"""How long one call, one expression or one re-run of the learner's cells may take."""

MOST_PRINTED = 100_000
"""Characters that one run may print."""

_LEARNERS = re.compile(r"<your answer|<ipython-input|<timed exec>|ipykernel_\d+[/\\]")
"""What the file names of the learner's code look like, in a kernel and here."""


class Output(io.StringIO):
    """What the learner's code prints. Endless output ends it."""

    def write(self, text: str, /) -> int:
        """Take text, as a stream does."""
        if self.tell() > MOST_PRINTED:
            raise BrokeError(f"Your code prints more than {MOST_PRINTED:,} characters.")
        return super().write(text[: MOST_PRINTED + 1])


def must_have_run(cell: Cell, what: str) -> None:
    """Raise BrokeError with the error that ended a cell, if one did."""
    if cell.interrupted:
        raise TimedOutError(f"{what} was stopped before it came to an end.", cell.line)
    if cell.error:
        raise BrokeError(f"{what} stopped with {cell.error}{'' if cell.error[-1] in '!?' else '.'}", cell.line)


@contextlib.contextmanager
def running(what: str) -> Iterator[None]:
    """Turn whatever the learner's code raises into one sentence with its line."""
    try:
        with time_limit(SECONDS):
            yield
    except TimeLimitError as error:
        message = (
            f"{what[:1].upper()}{what[1:]} was stopped after {SECONDS:g} seconds: it may never end, or be too slow."
        )
        raise TimedOutError(message, _line(error)) from None
    except KeyboardInterrupt as error:  # the button Stop, or the grader, whose limit is for what ignores this one
        raise TimedOutError(
            f"{what[:1].upper()}{what[1:]} was stopped before it came to an end.", _line(error)
        ) from None
    except (NotAttemptedError, BrokeError):
        raise
    except BaseException as error:
        message = f"{what[:1].upper()}{what[1:]} stopped with {describe(error)}."
        raise BrokeError(message, _line(error)) from None


def describe(error: BaseException) -> str:
    """Say an exception in a few words, on one line, without a full stop: `KeyError: 'v9'`."""
    try:
        text = " ".join(str(error).split()).removesuffix(".")
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def _line(error: BaseException) -> str | None:
    """Find the learner's line in which an exception arose, innermost first."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if _LEARNERS.search(frame.filename):
            return f"line {frame.lineno}: {frame.line.strip()}" if frame.line else f"line {frame.lineno}"
    return None

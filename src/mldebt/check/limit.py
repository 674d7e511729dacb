"""A time limit on code that a check calls, which that code cannot swallow.

A trace function looks at the clock before each line of the learner's code and raises once time is up. Unlike a
signal or a second thread it works on every platform, in every thread and in a browser; and because it raises
again on every following line, a bare `except:` inside an endless loop does not keep the loop alive. It cannot
stop a single call that never returns to Python; the grader's worker has a wall-clock limit for those.
Source: the `sys.settrace` section of the Python library reference.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TimeLimitError(BaseException):
    """The learner's code took too long. Not an Exception, so that `except Exception` lets it pass."""


@contextmanager
def time_limit(seconds: float, module: str = "__main__") -> Iterator[None]:
    """Raise TimeLimitError when code of `module` still runs after `seconds` (wall clock)."""
    deadline = time.monotonic() + seconds

    def on_line(frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > deadline:
            raise TimeLimitError
        return on_line

    def on_call(frame: FrameType, event: str, argument: Any) -> Any:
        # Library code runs untraced, at full speed.
        return on_line(frame, event, argument) if frame.f_globals.get("__name__") == module else None

    before = sys.gettrace()  # a debugger or a coverage tool
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)

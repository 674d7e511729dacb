"""A time limit on code that a check calls.

A second thread asks the interpreter to raise in the thread that runs the learner's code, and asks again until
that code has ended: a bare `except:` inside an endless loop does not keep the loop alive. Unlike a signal this
works on Windows and outside the main thread. It cannot stop a single call that never returns to Python; the
grader's worker has a limit of its own for those. Where no thread can be started (a browser) there is no limit.
Nobody waits for the thread to run: most code has ended before it does, and `threading` would wait for each.
Source: PyThreadState_SetAsyncExc in the Python/C API reference; `_thread` in the library reference.
"""

import _thread
import contextlib
import ctypes
import threading
from collections.abc import Iterator

_AGAIN = 0.05  # seconds between two requests to stop


class TimeLimitError(BaseException):
    """The learner's code took too long. Not an Exception, so that `except Exception` lets it pass."""


class _Watch:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.watched = threading.get_ident()
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.asked = False

    def run(self) -> None:
        wait = self.seconds
        while not self.ended.wait(wait):
            with self.lock:
                if not self.ended.is_set():
                    self.asked = True
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(
                        ctypes.c_ulong(self.watched), ctypes.py_object(TimeLimitError)
                    )
            wait = _AGAIN

    def end(self) -> None:
        while not self.ended.is_set():
            # The request may arrive right here, when the code ended at the last moment.
            with contextlib.suppress(TimeLimitError), self.lock:
                self.ended.set()
        if self.asked:
            # One more may be on its way. Taking it back (with NULL) leaves CPython 3.11 with a pending flag that
            # makes the next traced function hang, so it is let in: the interpreter looks at each turn of a loop.
            with contextlib.suppress(TimeLimitError):
                for _ in range(1000):
                    pass


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitError in the calling thread when the block still runs after `seconds` of wall clock."""
    watch = _Watch(seconds)
    try:
        with contextlib.suppress(RuntimeError):  # where no thread can be started there is no limit
            _thread.start_new_thread(watch.run, ())
        yield
    finally:
        while True:
            try:
                watch.end()
                break
            except TimeLimitError:  # the code ended at the last moment
                continue

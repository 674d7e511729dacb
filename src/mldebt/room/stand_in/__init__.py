"""What `mldebt.lab` is inside the room: the same names, which do nothing.

The judge decides there, so a check cell of the notebook neither shows nor raises anything.
"""

from typing import Any


class Silent:
    """What `exercise(...)` gives: every attribute is another one, and a call such as `ex.q1.check()` gives None."""

    def __getattr__(self, name: str) -> "Silent":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing."""

    def _ipython_display_(self) -> None:
        pass


def _make(*args: Any, **kwargs: Any) -> Silent:
    return Silent()


def __getattr__(name: str) -> Any:
    """Give `exercise`, `quiz` and whatever else a notebook of the course imports."""
    if name.startswith("_"):
        raise AttributeError(name)
    return _make

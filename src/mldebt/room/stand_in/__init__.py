"""What `mldebt.lab` is inside the room: the same names, which do nothing.

The judge decides there, so a check cell of the notebook neither shows nor raises anything.
"""

from typing import Any


class Silent:
    """An object of which every attribute, call and item is itself."""

    def __getattr__(self, name: str) -> "Silent":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> "Silent":  # noqa: D102
        return self

    def __repr__(self) -> str:
        return ""


def __getattr__(name: str) -> Silent:
    """Give `exercise`, `quiz` and whatever else a notebook of the course imports."""
    if name.startswith("__"):
        raise AttributeError(name)
    return Silent()

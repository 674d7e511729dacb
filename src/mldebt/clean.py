"""A learner's text, made fit to be shown to somebody else."""

from collections.abc import Sequence
from typing import Any

MOST = 300
"""Characters that a learner's own text may take in a message."""


def clean(text: Any, most: int = MOST) -> str:
    """Make a learner's text fit for a message: one line, printable characters, no more than `most`."""
    printable = "".join(character if character.isprintable() else " " for character in str(text)[: 4 * most])
    short = " ".join(printable.split())
    return short if len(short) <= most else f"{short[: most - 3]}..."


def some(texts: Sequence[str], between: str = ", ", most: int = 5) -> str:
    """Name the first few, and how many more there are."""
    more = [f"and {len(texts) - most} more"] if len(texts) > most else []
    return between.join([*texts[:most], *more])

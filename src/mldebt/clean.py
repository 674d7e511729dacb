"""A learner's text, made fit to be shown to somebody else."""

from collections.abc import Iterable
from typing import Any

MOST = 300
"""Characters that a learner's own text may take in a message."""


def clean(text: Any, most: int = MOST) -> str:
    """Make a learner's text fit for a message: one line, printable characters, no more than `most`."""
    printable = "".join(character if character.isprintable() else " " for character in str(text)[: 4 * most])
    short = " ".join(printable.split())
    return short if len(short) <= most else f"{short[: most - 3]}..."


def few(texts: Iterable[str], between: str = ", ", most: int = 5) -> str:
    """List the first few, and say how many more there are: `anna, ben and 7 more`."""
    listed = list(texts)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return between.join(clean(text) for text in listed[:most]) + more

"""A learner's value in a message."""

import re

from mldebt.check.compare import is_number

MOST = 60
"""Characters of a value that a message has room for."""
DATA = (bool, str, bytes, list, tuple, set, frozenset, dict, type(None))
_LAST_DIGITS = re.compile(r"(\d\.\d{6})\d+")


def shown(value: object) -> str:
    """Say a value on one line, cut short; what is no data, a table and an array by its type only.

    Of a float there are six digits: the last ones are another machine's own, and nobody reads them. An object of the
    learner's stays where it is when a class is graded, so nothing but its type is said of it anywhere.
    """
    if is_number(value) and hasattr(value, "item"):
        value = value.item()  # without the name of its type
    if not is_data(value):
        return kind_of(value)
    text = _LAST_DIGITS.sub(r"\1", " ".join(repr(value).split()))
    return f"`{text if len(text) <= MOST else f'{text[:MOST]}...'}`"


def is_data(value: object) -> bool:
    """Tell whether the value itself can be said in a message, and not only its type."""
    return is_number(value) or isinstance(value, DATA)


def kind_of(value: object) -> str:
    """Name a value's type with its article: `a DataFrame`, `an ndarray`."""
    return with_article(type(value).__name__)


def with_article(kind: str) -> str:
    """Put the article before the name of a type."""
    return f"{'an' if kind.lower().startswith(('a', 'e', 'i', 'o', 'ndarray')) else 'a'} {kind}"

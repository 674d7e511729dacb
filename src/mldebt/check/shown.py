"""A learner's value in a message."""

import re

from mldebt.check.compare import is_number

MOST = 40
"""Characters of a value that a message has room for."""
_LAST_DIGITS = re.compile(r"(\d\.\d{6})\d+")


def shown(value: object) -> str:
    """Say a value on one line, cut short; a table or an array by its type only.

    Of a float there are six digits: the last ones are another machine's own, and nobody reads them.
    """
    if is_number(value) and hasattr(value, "item"):
        value = value.item()  # without the name of its type
    if hasattr(value, "shape"):
        return f"a {type(value).__name__}"
    text = _LAST_DIGITS.sub(r"\1", " ".join(repr(value).split()))
    return f"`{text if len(text) <= MOST else f'{text[:MOST]}...'}`"

"""What a cell with IPython's magics runs as plain Python."""

import re

_TRANSPARENT = re.compile(r"\s*%%(time|capture)\b[^\n]*\n")


def body_of(raw: str, transformed: str) -> str:
    """Return a cell as Python's parser can read it: IPython's own transformation of what was typed.

    A cell magic that runs its body in the namespace hides the body in a text; here it is the body again.
    """
    magic = _TRANSPARENT.match(raw)
    return raw[magic.end() :] if magic else transformed

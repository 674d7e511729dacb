"""A name that was mistyped, and the one that may have been meant."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """End a sentence on an unknown name: `; did you mean 'anna'?`, or `otherwise` where no known name is near."""
    spelt = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), spelt, n=1)
    return f"; did you mean {spelt[near[0]]!r}?" if near else f"{otherwise}."

"""What a unit's `variants.py` is made of: each function draws words to be written in place of public ones.

`vary(draw)` in that file returns them all, public word to own word. A word is replaced where it stands by itself,
in the exercise, its checks, its quiz and its bank of attempts, so it must mean one thing there.
"""

import itertools
from collections.abc import Iterable
from random import Random


def name(draw: Random, public: str, *parts: str) -> dict[str, str]:
    """Draw another name: one of `a|b` for each part, joined by underscores, and not the public one."""
    made = ["_".join(chosen) for chosen in itertools.product(*(part.split("|") for part in parts))]
    return {public: draw.choice([other for other in made if other != public])}


FORMS = (
    *("{0}(", '"{0}"', "'{0}'", "`{0}`", "({0})", "({0},", "{0} =", "{0} +", "{0} -", "{0}:", " {0}]", "return {0}"),
    *("{0}={0},", "lambda {0}"),
)


def word(draw: Random, public: str, *parts: str) -> dict[str, str]:
    """Draw another name for one that is a word of English too: it is replaced where it stands as in code."""
    ((_, other),) = name(draw, public, *parts).items()
    return {form.format(public): form.format(other) for form in FORMS}


def shifted(numbers: Iterable[int], by: int, form: str = "{}") -> dict[str, str]:
    """Move whole numbers by as much, each written in a form such as `0.{:02}`."""
    return {form.format(number): form.format(number + by) for number in numbers}


def seeds(draw: Random, *public: int) -> dict[str, str]:
    """Draw other seeds, so that the data of the exercise are those of another world."""
    moved = draw.sample(range(10_000, 99_999), len(public))
    return {f"seed={old}": f"seed={new}" for old, new in zip(public, moved, strict=True)}

"""What stands, on the side that trusts nothing, for an object that does not travel."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, eq=False)
class Opaque:
    """A value that does not travel: the number under which the other side keeps it, and its type's name.

    Sent back, as an input of an expression, it is the object again. It is neither true nor false and equal to
    nothing but itself: a check that compares it has not looked.
    """

    number: int
    kind: str
    callable: bool

    def __bool__(self) -> bool:
        raise TypeError(f"a {self.kind} is neither true nor false here")


@lru_cache(maxsize=256)
def opaque_class(name: str) -> type[Opaque]:
    """Make a class of that name, so that a check that says what it was given says `generator` and not `Opaque`."""
    return type(name, (Opaque,), {}) if name.isidentifier() else Opaque

"""What differs from learner to learner in exercise 00."""

from random import Random

from mldebt.wording import name, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **word(draw, "unused", "idle|dead|lonely|orphan", "files|scripts|count"),
        **name(draw, "used_by", "readers|callers|users", "of|of_file|by_file"),
    }

"""What differs from learner to learner in exercise 15: names, and the world."""

from random import Random

from mldebt.wording import name, seeds, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **word(draw, "diagnose", "explain|name|judge", "monday|fault|change"),
        **name(draw, "worth_paying", "pay|settle|clear", "first|now|these"),
        **seeds(draw, 1, 2, 3, 4, 5, 6),
    }

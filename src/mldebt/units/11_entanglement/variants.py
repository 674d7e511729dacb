"""What differs from learner to learner in exercise 11: names, and the world."""

from random import Random

from mldebt.wording import seeds, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **word(draw, "moved", "shift|drift_of|change", "weights|inputs|others"),
        **word(draw, "rise", "cost|loss|harm", "of_update|upstream|after"),
        **word(draw, "release", "pay|mend|settle", "cascade|chain|pair"),
        **seeds(draw, 111, 112),
    }

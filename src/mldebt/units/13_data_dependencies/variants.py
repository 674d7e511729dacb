"""What differs from learner to learner in exercise 13: names, and the world."""

from random import Random

from mldebt.wording import name, seeds, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **name(draw, "changed_unit", "moved|other|switched|broken", "units|scale|measure"),
        **name(draw, "safe_to_drop", "can_go|spare|removable", "inputs|together|columns"),
        **word(draw, "pinned", "agreed|fixed|frozen", "table|inputs|versions"),
        **seeds(draw, 130, 131, 132, 133),
    }

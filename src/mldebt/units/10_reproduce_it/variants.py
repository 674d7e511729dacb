"""What differs from learner to learner in exercise 10: names, and the world."""

from random import Random

from mldebt.wording import name, seeds, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **word(draw, "run", "train|repeat|do", "once|again|all"),
        **word(draw, "record", "note|write|log", "of_run|everything|it_down"),
        **name(draw, "what_changed", "tell|list|find", "changes|differences|causes"),
        **name(draw, "is_better", "really|truly|surely", "better|improves|wins"),
        **seeds(draw, 100),
    }

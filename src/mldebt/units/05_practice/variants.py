"""What differs from learner to learner in exercise 05."""

from random import Random

from mldebt.wording import name


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **name(draw, "get_model", "fetch|obtain|open|provide", "model|trained|once"),
        **name(draw, "load_model", "read|restore|revive", "model|saved_model|from_file"),
    }

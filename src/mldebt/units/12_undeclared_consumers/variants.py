"""What differs from learner to learner in exercise 12: names, and the world."""

from random import Random

from mldebt.wording import name, seeds, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **name(draw, "make_score", "typed|build|new", "score|value|answer"),
        **word(draw, "affected", "hit|touched|hurt", "readers|consumers|users"),
        **word(draw, "archive", "retire|shelve|withdraw", "version|model|one"),
        **word(draw, "tidy", "clean|prune|sweep", "registry|versions|up"),
        **seeds(draw, 124, 125),
    }

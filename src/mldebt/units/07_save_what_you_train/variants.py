"""What differs from learner to learner in exercise 07: names, and the world."""

from random import Random

from mldebt.wording import name, seeds, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **name(draw, "data_hash", "mark|digest|print", "of_data|of_table|of_rows"),
        **word(draw, "save", "keep|store|put_away", "model|trained|fitted"),
        **word(draw, "load", "fetch|reopen|bring_back", "model|trained|fitted"),
        **name(draw, "load_foreign", "open|take_in|admit", "stranger|download|other"),
        **seeds(draw, 70),
    }

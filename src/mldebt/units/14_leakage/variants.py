"""What differs from learner to learner in exercise 14: names, and the world."""

from random import Random

from mldebt.wording import name, seeds, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **name(draw, "fit_churn", "train|fitted|make", "leaver|model|churn_model"),
        **name(draw, "out_of_fold", "held_out|unseen|honest", "scores|estimates|chances"),
        **word(draw, "split", "part|divide|cut", "customers|table|rows"),
        **word(draw, "leaks", "causes|faults|names", "of_leaks|found|given"),
        **seeds(draw, 140, 141, 145),
    }

"""What differs from learner to learner in exercise 06."""

from random import Random

from mldebt.wording import name, word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **word(draw, "balance", "net|running|total", "cost|loss|debt"),
        **name(draw, "even_month", "break_even|turning|payback", "point|time|in_months"),
        **word(draw, "decide", "choose|settle|judge", "debt|what_to_do|action"),
    }

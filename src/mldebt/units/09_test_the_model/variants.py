"""What differs from learner to learner in exercise 09."""

from random import Random

from mldebt.wording import name


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    return {
        **name(draw, "test_ignores", "test", "stays|same|unmoved", "without|whatever|despite"),
        **name(draw, "test_direction", "test", "goes|moves|turns", "up|down_or_up|as_known"),
        **name(draw, "test_slices", "test", "each|every|all", "group|part|slice"),
        **name(draw, "test_file", "suite|pytest|module", "text|source|as_text"),
    }

"""What differs from learner to learner in the mini project: its names, versions and accuracies, in each step the same.

The order of the versions and the distances of the accuracies stay, so that no variant is harder than another.
"""

from random import Random

from mldebt.wording import name, shifted


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    by = draw.choice([*range(-14, -2), 3, 4, 5])
    major = draw.choice(range(2, 7))  # v9 at most: v10 comes before v9 in the alphabet
    versions = {f"{old}.{minor}": f"{old + major}.{minor}" for old in (1, 2, 3) for minor in (0, 1)}
    return {
        **name(draw, "model_versions", "scored|known|trained|listed", "versions|models|releases"),
        **name(draw, "max_versions", "limit|most|room", "active|kept|in_use"),
        **name(draw, "active_models", "kept|live|chosen|current", "models|releases|ones"),
        **shifted(range(80, 93), by, "0.{:02}"),
        **{"0.9": f"{(90 + by) / 100:g}"},
        **shifted((82, 85, 87, 88, 90), by),
        **{f"v{old}": f"v{new}" for old, new in versions.items()},
    }

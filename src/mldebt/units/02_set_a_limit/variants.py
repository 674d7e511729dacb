"""What differs from learner to learner in exercise 02: what the mini project varies, and the limit of another team."""

from random import Random

from mldebt.units import mini_project


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    words = mini_project.vary(draw)
    limit = draw.choice([2, 4])
    forms = ("= {}", "({})", "({},", "{{{}}}", '"{}"', "return {}", "min({}", "= -{}", "== {}")
    return {
        **words,
        "The team has decided: **at most 3**": f"Another team has decided: **at most {limit}**",
        "3.0": f"{limit}.0",
        "= 2": f"= {limit - 1}",
        **{form.format(3): form.format(limit) for form in forms},
    }

"""What differs from learner to learner in exercise 08: names, and the world."""

from random import Random

from mldebt.wording import word


def vary(draw: Random) -> dict[str, str]:
    """Draw what is written in place of what."""
    schema = word(draw, "schema", "table|month|feed", "schema|contract|rules")
    return {
        **word(draw, "limits", "allowed|usual|normal", "range|bounds|span"),
        **word(draw, "validate", "inspect|verify|accept", "table|month|batch"),
        **schema,
        "schema.validate": f"{schema['`schema`'].strip('`')}.validate",
    }

"""What a right answer to exercise 01 does."""

from random import Random

from mldebt.check import Answer, Verdict, in_quiz, is_number, question, right, same, wrong

VERSIONS = {"v1.0": 0.82, "v1.1": 0.85, "v2.0": 0.88, "v2.1": 0.90, "v3.0": 0.87}


@question(
    "model_versions: each version with its accuracy",
    makes="model_versions",
    hints=(
        "A dict stands in curly braces. The names are its keys, the scores are its values.",
        "An entry is a name in quotes, a colon, a number. Commas stand between the entries.",
        'The same shape with other things: `weights = {"apple": 0.15, "melon": 1.2}`. Yours has five entries.',
    ),
    misconceptions={
        "pairs": "`model_versions` is a {kind}, so a score cannot be looked up by its version. Use curly braces, "
        "and a colon between a name and its score.",
        "set": "Curly braces with no colons make a set, which holds single things. Put a colon between each name "
        "and its score.",
        "not-a-dict": "`model_versions` should be a dict of names and scores, and it is a {kind}.",
        "turned-round": "The scores stand in front of the colons. You want to look up a score by its version, so the "
        "version comes first.",
        "numeric-keys": "The key {key!r} is a number. The name of a version is text: look at its first letter, and "
        "at the quotes it needs.",
        "misnamed": "There is no version {key!r} in the table. Compare it letter by letter, spaces and capitals too.",
        "missing": "{count} of the versions in the table are not in your dict. A name typed twice counts once.",
        "extra": "{key!r} is in your dict and not in the table.",
        "text-scores": "The score of `{key}` is text. A score in quotes cannot be compared as a number: leave the "
        "quotes away.",
        "not-a-number": "The score of `{key}` should be one number, and it is a {kind}.",
        "percentages": "The score of `{key}` is greater than 1. The table gives shares of the test set, not percent: "
        "1 would mean that every prediction is right.",
        "swapped": "All scores are there, and some stand with another version. Look at `{key}` in the table.",
        "mistyped-score": "The score of `{key}` is not the one in the table. Compare the digits.",
    },
    praise="Five versions, one place, one score each. The order does not matter: you look them up by name.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Judge what kind of thing it is, then its names, then its scores."""
    got = answer.value("model_versions")
    if not isinstance(got, dict):
        return _not_a_dict(got)
    return _names(got) or _scores(got) or right()


def _not_a_dict(got: object) -> Verdict:
    kind = type(got).__name__
    if isinstance(got, set | frozenset):
        return wrong("set")
    return wrong("pairs" if isinstance(got, list | tuple) else "not-a-dict", kind=kind)


def _names(got: dict[object, object]) -> Verdict | None:
    """Find what is wrong with the keys."""
    if any(isinstance(value, str) and value in VERSIONS for value in got.values()):
        return wrong("turned-round")
    strangers = [key for key in got if key not in VERSIONS]
    lacking = len(VERSIONS) - (len(got) - len(strangers))
    number = next((key for key in strangers if is_number(key)), None)
    if number is not None:
        return wrong("numeric-keys", key=number)
    if strangers:
        return wrong("misnamed" if lacking else "extra", key=strangers[0])
    return wrong("missing", count=lacking) if lacking else None


def _scores(got: dict[object, object]) -> Verdict | None:
    """Find what is wrong with the values, in a dict with the right keys."""
    for key, score in got.items():
        if isinstance(score, str):
            return wrong("text-scores", key=key)
        if not is_number(score):
            return wrong("not-a-number", key=key, kind=type(score).__name__)
    amiss = [name for name in VERSIONS if not same(got[name], VERSIONS[name])]
    if not amiss:
        return None
    above = next((name for name in amiss if got[name] > 1), None)  # type: ignore[operator]
    if above is not None:
        return wrong("percentages", key=above)
    exchanged = same(sorted(got.values()), sorted(VERSIONS.values()))
    return wrong("swapped" if exchanged else "mistyped-score", key=amiss[0])


q2 = in_quiz("fast-team", makes="answer_2")

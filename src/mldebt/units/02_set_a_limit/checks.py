"""What a right answer to exercise 02 does."""

from random import Random

from mldebt.check import Answer, BrokeError, Verdict, in_quiz, is_integer, is_number, question, right, same, wrong

VERSIONS = {"v1.0": 0.82, "v1.1": 0.85, "v2.0": 0.88, "v2.1": 0.90, "v3.0": 0.87}
LIMIT = 3


@question(
    "max_versions: how many versions may stay active",
    makes="max_versions",
    hints=(
        "Assign the number to the name, with one `=`.",
        "A count is a whole number: digits without quotes and without a point.",
        "For a limit of seven seats it would be `seats = 7`.",
    ),
    misconceptions={
        "text": "`max_versions` is text. {got!r} in quotes cannot be counted with: leave the quotes away.",
        "decimal": "`max_versions` is {got}, a number with a decimal point. A list cannot be cut at such a place; "
        "a count is a whole number.",
        "threshold": "{got} looks like an accuracy. The limit says how many versions stay, not how good they must be.",
        "boolean": "`{got}` says yes or no, and `True` would count as one version. Say how many.",
        "nothing": "`max_versions` is `None`: it was made, and no number reached it. `print` shows a value and gives "
        "`None` back.",
        "collection": "`max_versions` is a {kind}. It should say how many versions stay; which ones is the next step.",
        "not-a-number": "`max_versions` should be a whole number, and it is a {kind}.",
        "derived": "I gave `model_versions` other entries, and your limit became {got}. The team has decided on a "
        "number, however many versions there are.",
        "derived-and-broke": "I gave `model_versions` other entries, and your cell stopped. The limit is a decision "
        "of the team: it does not come from the versions.",
        "all": "{got} is the number of all versions. A limit that lets every one stay limits nothing.",
        "other-number": "{got} is a whole number, and not the one that the team has decided on.",
    },
    praise="One decision, one name, one place to change it.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Judge the type, then whether the number stays when the versions change, then the number."""
    got = answer.value("max_versions")
    if not is_integer(got):
        return _not_a_count(got)
    for count in (4, 9, 1):
        others = {f"v{number}": draw.randrange(300, 800) / 1000 for number in draw.sample(range(10, 99), count)}
        try:
            there = answer.given(model_versions=others).value("max_versions")
        except BrokeError:
            if count < LIMIT:  # a guard such as `assert max_versions <= len(model_versions)` does its work
                continue
            return wrong("derived-and-broke")
        if not same(there, got):
            return wrong("derived", got=there)
    if got == len(VERSIONS):
        return wrong("all", got=got)
    return right() if got == LIMIT else wrong("other-number", got=got)


def _not_a_count(got: object) -> Verdict:
    """Name what stands in place of a whole number."""
    kind = type(got).__name__
    if got is None:
        return wrong("nothing")
    if kind.startswith("bool"):  # NumPy's too
        return wrong("boolean", got=bool(got))
    if isinstance(got, str):
        return wrong("text", got=got)
    if is_number(got):
        between = 0 < got < 1  # type: ignore[operator]
        return wrong("threshold" if between else "decimal", got=got)
    if isinstance(got, list | tuple | set | frozenset | dict | range):
        return wrong("collection", kind=kind)
    return wrong("not-a-number", kind=kind)


q2 = in_quiz("five-copies", makes="answer_2")

"""What a right answer to exercise 03 does."""

import ast
from random import Random

from mldebt.check import Answer, BrokeError, Verdict, in_quiz, question, reaches, right, same, wrong
from mldebt.check.source import names as names_of_cell

VERSIONS = {"v1.0": 0.82, "v1.1": 0.85, "v2.0": 0.88, "v2.1": 0.90, "v3.0": 0.87}
LIMIT = 3


def best(versions: dict[str, float], limit: int) -> dict[str, float]:
    """Return the `limit` versions with the highest accuracy, best first."""
    return {name: versions[name] for name in sorted(versions, key=lambda name: -versions[name])[:limit]}


def in_order(got: object, expected: dict[str, float]) -> bool:
    """Tell whether `got` holds the expected entries in the expected order."""
    return isinstance(got, dict) and same(got, expected) and list(got) == list(expected)


@question(
    "active_models: the best versions, by a rule",
    makes="active_models",
    points=3,
    hints=(
        "`sorted` takes a `key`, a function that says what to sort by, and `reverse=True` puts the highest first. "
        "A slice such as `[:2]` keeps the first entries of a list.",
        "`model_versions.items()` gives pairs of name and accuracy. Sort the pairs by their second part.",
        "Three steps: `ranked = sorted(...)`, then cut `ranked` with a slice up to `max_versions`, "
        "then `{name: accuracy for name, accuracy in ...}` over what is left.",
    ),
    misconceptions={
        "not-a-dict": "`active_models` should be a dict of names and accuracies, and it is a {kind}.",
        "changed-versions": "Your code changes `model_versions` itself. Whoever reads it next finds versions missing: "
        "leave it as it is and build a new dict.",
        "keys-only": "The names are there, their accuracies are not. Each entry needs the score that belongs to it.",
        "ascending": "Your versions come lowest first. Look at the order in which `sorted` gives them, and at what "
        "that does to the slice.",
        "wrong-order": "The right versions are in it, in another order. The best one comes first.",
        "by-name": "Your versions are picked by their names. The accuracy decides, and it is the value, not the key.",
        "newest": "These are the versions that were added last. New is not the same as good: rank by accuracy.",
        "first": "These are the versions that stand first in the dict. Nothing has put them in order yet.",
        "threshold": "A fixed accuracy decides in your code. With other versions it lets through too many or too few; "
        "count `max_versions` of them instead.",
        "hard-coded": "The result is right for these versions and stays the same for others: I tried it with other "
        "versions and another limit. Use `model_versions` and `max_versions`, not the values you see in them.",
        "hard-coded-limit": "How many versions stay does not follow `max_versions`. Use that name for the slice.",
        "too-many": "There are {got} versions in it, and `max_versions` allows {limit}.",
        "too-few": "There are {got} versions in it, and `max_versions` asks for {limit}. Look at where the slice ends.",
        "turned-round": "The accuracies stand in front of the colons. Each entry is a name, a colon, its accuracy.",
        "typed-again": "Your cell gives `model_versions` or `max_versions` a value of its own. They are given above: "
        "use the names, so that your rule follows when they change.",
        "ties": "The rule works until two versions have the same accuracy: then one is lost, or one too many stays. "
        "Rank the versions, not the accuracies.",
        "wrong-scores": "The names are right and the accuracies are not those of `model_versions`.",
        "no-comprehension": "The result is right, whatever the versions are. Now write it as a dict comprehension, "
        "which says in one line what is kept: `{{key: value for ... in ...}}`.",
        "other": "These are not the `max_versions` versions with the highest accuracy. Print `sorted(...)` by itself "
        "and look at its order.",
    },
    praise="The rule follows other versions and other limits as well; I tried it.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Judge the value, then the rule behind it on other versions and limits, then its form."""
    got = answer.value("active_models")
    if not isinstance(got, dict):
        kind = type(got).__name__
        if isinstance(got, list | tuple | set) and set(map(str, got)) == set(best(VERSIONS, LIMIT)):
            return wrong("keys-only")
        return wrong("not-a-dict", kind=kind)
    if not in_order(got, best(VERSIONS, LIMIT)):
        return _why(answer, got, draw)
    if names_of_cell(answer.source("active_models")).binds & {"model_versions", "max_versions"}:
        return wrong("typed-again", earned=1)
    for limit, low in ((LIMIT, False), (2, True), (4, False), (1, True)):
        versions = _other_versions(draw, low=low)
        elsewhere = answer.given(model_versions=versions, max_versions=limit)
        try:
            after, there = elsewhere.value("model_versions"), elsewhere.value("active_models")
        except BrokeError:  # most often a KeyError: a name that was typed in is not among the other versions
            return wrong("hard-coded", earned=1)
        if not same(after, versions):
            return wrong("changed-versions", earned=1)
        if not in_order(there, best(versions, limit)):
            return _why_elsewhere(answer, there, got, versions, limit)
    if _breaks_on_ties(answer):
        return wrong("ties", earned=2)
    if not reaches(answer.source("active_models"), "active_models", ast.DictComp):
        return wrong("no-comprehension", earned=2)
    return right()


def _other_versions(draw: Random, *, low: bool = False) -> dict[str, float]:
    """Draw seven versions with distinct accuracies, on which no two rules give the same result."""
    while True:
        names = [f"v{number}" for number in draw.sample(range(10, 99), 7)]
        scores = draw.sample(range(20, 400) if low else range(300, 990), 7)
        versions = dict(zip(names, [score / 1000 for score in scores], strict=True))
        if all(_tells_apart(versions, limit) for limit in (LIMIT, 4)):
            return versions


def _tells_apart(versions: dict[str, float], limit: int) -> bool:
    """Tell whether the right rule and those that are taken for it choose different versions, or another order."""
    top = list(best(versions, limit))
    lowest = sorted(versions, key=lambda name: versions[name])[:limit]
    kept = [name for name in versions if name in top]
    by_name = sorted(versions)[::-1][:limit]
    names = list(versions)
    chosen = [top, top[::-1], kept, kept[::-1], lowest, by_name, names[-limit:], names[:limit]]
    return len({tuple(names) for names in chosen}) == len(chosen)


def _breaks_on_ties(answer: Answer) -> bool:
    """Tell whether equal accuracies get a version lost, or one too many kept. Which of them stays is free."""
    tied = {"v7": 0.8, "v8": 0.9, "v9": 0.9, "v10": 0.7}
    for limit in (1, 2, 3):
        try:
            there = answer.given(model_versions=tied, max_versions=limit).value("active_models")
        except BrokeError:
            return True
        top = sorted(tied.values(), reverse=True)[:limit]
        if [tied.get(name) for name in there] != top or not same(list(there.values()), top):
            return True
    return False


def _why(answer: Answer, got: dict[str, float], draw: Random) -> Verdict:
    """Name what went wrong. Other versions tell apart what looks the same on the given ones."""
    versions = _other_versions(draw)
    try:
        there = answer.given(model_versions=versions, max_versions=LIMIT).value("active_models")
    except BrokeError:
        there = got
    if isinstance(there, dict) and not same(there, got):
        if _has_threshold(answer, versions, LIMIT):
            return wrong("threshold")
        named = _pattern(there, versions, LIMIT)
        if named.misconception not in ("other", "too-many", "too-few"):
            return named
    return _pattern(got, VERSIONS, LIMIT)


def _pattern(got: dict[str, float], versions: dict[str, float], limit: int) -> Verdict:
    """Name the rule that a result looks like."""
    names = list(got)
    lowest_first = sorted(versions, key=lambda name: versions[name])
    if names and not any(isinstance(name, str) for name in names):
        return wrong("turned-round")
    if names in (lowest_first[:limit], lowest_first[-limit:], lowest_first):
        return wrong("ascending")
    if names == sorted(versions)[::-1][:limit]:
        return wrong("by-name")
    if names == list(versions)[-limit:]:
        return wrong("newest")
    if names == list(versions)[:limit]:
        return wrong("first")
    if set(names) == set(best(versions, limit)):
        return wrong("wrong-order" if same(got, best(versions, limit)) else "wrong-scores")
    if len(names) > limit:
        return wrong("too-many", got=len(names), limit=limit)
    if names == lowest_first[::-1][: len(names)]:
        return wrong("too-few", got=len(names), limit=limit)
    return wrong("other")


def _why_elsewhere(
    answer: Answer, there: object, got: dict[str, float], versions: dict[str, float], limit: int
) -> Verdict:
    """Name why a value that is right here is wrong for other versions."""
    if not isinstance(there, dict) or in_order(there, got):
        return wrong("hard-coded", earned=1)
    if list(there) == list(best(versions, limit)):
        return wrong("wrong-scores", earned=1)
    if in_order(there, best(versions, LIMIT)):
        return wrong("hard-coded-limit", earned=1)
    if _has_threshold(answer, versions, limit):
        return wrong("threshold", earned=1)
    return wrong("hard-coded-limit" if there and set(there) <= set(versions) else "hard-coded", earned=1)


def _has_threshold(answer: Answer, versions: dict[str, float], limit: int) -> bool:
    """Tell whether far lower scores, in the same order, let another number of versions stay."""
    counts = set()
    for low, high in ((0.0, 0.02), (0.98, 1.0)):
        moved = {name: low + (high - low) * score for name, score in versions.items()}
        try:
            counts.add(len(answer.given(model_versions=moved, max_versions=limit).value("active_models")))
        except (BrokeError, TypeError):
            return False
    return len(counts) > 1


q2 = in_quiz("typed-list", makes="answer_2")

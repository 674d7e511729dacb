"""What a right answer to exercise 00 does."""

import ast
from random import Random

from mldebt.check import (
    Answer,
    BrokeError,
    NotAttemptedError,
    Verdict,
    in_quiz,
    is_number,
    question,
    right,
    same,
    wrong,
)


def count(files: dict[str, list[str]]) -> int:
    """Count the files that nobody uses."""
    return sum(not users for users in files.values())


@question(
    "unused: how many files nobody uses",
    makes="unused",
    points=2,
    hints=(
        "Behind each colon stands the list of those who use the file. What is in it where nobody does?",
        "Go through the lists with `for file, users in used_by.items():` and ask about `users` with an `if`. "
        "An empty list counts as false.",
        "Begin with 0, and make `unused` one greater where nobody uses the file. `total += price` makes `total` "
        "greater by `price`.",
    ),
    misconceptions={
        "text": "`unused` is text. A number in quotes cannot be counted with: leave the quotes away.",
        "names": "`unused` is a {kind}. The question is how many files there are, not which.",
        "not-a-number": "`unused` should be a number, and it is a {kind}.",
        "all": "Your answer counts all files, used or not. Look at the lists behind the colons: what is different "
        "where nobody uses the file?",
        "used": "Your answer counts the files that somebody uses. Turn the condition round.",
        "users": "Your answer counts the users. Count the files that have none.",
        "few": "Your answer counts files with exactly one user, too. One user is somebody: that file is used.",
        "stuck": "`unused` is 0: no file has been counted. Either the condition is never true, so print it in the "
        "loop, or nothing adds to `unused`: a sum alone, such as `a + b`, changes no name.",
        "one": "`unused` is 1 whatever the files are. If your loop sets it to 1 each time, let it add 1 instead.",
        "counts-down": "`unused` is {got}, and nobody has fewer than no files. Look at the sign in your loop.",
        "typed": "The number is right for these files and stays the same for others: I tried it with other files. "
        "Let the code count.",
        "not-a-rule": "The number is right for these files and wrong for others: I tried it with other files. Look at "
        "the lists of users only, not at names or places.",
        "changed-files": "Your code changes `used_by` itself, and the next cell would find other files in it. Leave it "
        "as it is and count.",
        "other": "{got} is not the number of files that nobody uses. Print `users` in the loop and look at each list.",
    },
    praise="It counts right for other files as well; I tried it.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Judge the type, then the number for the learner's own files, then for others."""
    got = answer.value("unused")
    if same(got, 0) and _holds_dots(answer.source("unused")):
        raise NotAttemptedError("The loop still holds the `...` it came with. Replace it, then run the cell.")
    if not is_number(got):
        return _not_a_number(got)
    files = answer.value("used_by")
    if not isinstance(files, dict) or not all(isinstance(users, list) for users in files.values()):
        return wrong("changed-files")
    if not same(got, count(files)):
        return _why(answer, got, files, draw)
    for unused in draw.sample(range(2, 8), 3):
        others = _other_files(draw, unused)
        elsewhere = answer.given(used_by=others)
        try:
            after, there = elsewhere.value("used_by"), elsewhere.value("unused")
        except BrokeError:  # most often a KeyError: a name that was typed in is not among the other files
            return wrong("not-a-rule", earned=1)
        if not same(after, others):
            return wrong("changed-files", earned=1)
        if not same(there, unused):
            return wrong("typed" if same(there, got) else "not-a-rule", earned=1)
    return right()


def _holds_dots(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(tree))


def _not_a_number(got: object) -> Verdict:
    if isinstance(got, str):
        return wrong("text")
    kind = type(got).__name__
    return wrong("names" if isinstance(got, list | tuple | set | frozenset | dict) else "not-a-number", kind=kind)


def _other_files(draw: Random, unused: int) -> dict[str, list[str]]:
    """Draw files of which `unused` have no user, two have a single user, and eight have several."""
    names = [f"file_{number}.py" for number in draw.sample(range(100, 999), unused + 10)]
    lists: list[list[str]] = [[] for _ in range(unused)]
    lists += [["Kim"], ["Lea"], *(["Kim", "Lea", "Noa"][: draw.choice([2, 3])] for _ in range(8))]
    return dict(zip(names, draw.sample(lists, len(lists)), strict=True))


def _why(answer: Answer, got: float, files: dict[str, list[str]], draw: Random) -> Verdict:
    """Name what was counted. Other files tell apart what is equal by chance for these."""
    others = _other_files(draw, 3)
    try:
        there = answer.given(used_by=others).value("unused")
    except BrokeError:
        there = got
    here, elsewhere = _patterns(got, files), _patterns(there, others) if is_number(there) else []
    if same(there, got):  # a number that was typed in, or that no list changes
        elsewhere = ["stuck", "all", "used", "counts-down", "one"]
    return wrong(next((name for name in here if name in elsewhere), "other"), got=got)


def _patterns(got: float, files: dict[str, list[str]]) -> list[str]:
    """Name the counts that a number looks like."""
    lengths = [len(users) for users in files.values()]
    counts = {
        "stuck": (0,),
        "all": (len(files),),
        "used": (len(files) - count(files),),
        "users": (sum(lengths), len({user for users in files.values() for user in users})),
        "few": (lengths.count(1), lengths.count(0) + lengths.count(1)),
        "one": (1,),
    }
    return ["counts-down"] if got < 0 else [name for name, numbers in counts.items() if got in numbers]


q2 = in_quiz("unused-is-debt", makes="answer_2")

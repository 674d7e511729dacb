"""Submissions that are suspiciously alike once names and layout are normalised, and ones like the public solution.

Each answer becomes a sequence of the kinds of its syntax tree: names by the order of their first appearance, no
literals, comments, docstrings, annotations or imports. Fingerprints of these sequences are chosen by winnowing
(S. Schleimer, D. S. Wilkerson and A. Aiken (2003), Winnowing: local algorithms for document fingerprinting,
SIGMOD), less those of the public solution and those of many learners, which tell nothing; two submissions of a unit
are compared by the share that they have in common of all that is left (Jaccard).
"""

import ast
import builtins
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

import pandas as pd
from IPython.core.inputtransformer2 import TransformerManager

from mldebt import units
from mldebt.check import Status
from mldebt.check.magic import body_of
from mldebt.check.source import parse
from mldebt.grading.gradebook import Mark
from mldebt.grading.submission import known_units

GRAM, WINDOW = 5, 4
"""Tokens of a fingerprint, and fingerprints of which one is kept: a common stretch of 8 tokens is always found."""
LEAST = 12
"""Fingerprints that must be left of both submissions: a short answer is found by many on their own."""
ALIKE = 0.7
"""Share in common from which a pair is named."""
LONG = 30
"""Tokens from which an answer that equals the public solution is named."""
MOST = 50_000
"""Characters of a cell that is compared; no answer is as long."""

PAIRS = ["unit", "first", "second", "alike", "in common", "questions"]
Print = tuple[str, int]


def normal_form(source: str) -> tuple[str, ...]:
    """Return what is left of code when names and layout do not count; nothing if it is no Python, or too long."""
    if len(source) > MOST:
        return ()
    tree = parse(source)
    if not tree.body:  # magics, perhaps
        tree = parse(body_of(source, _plain(source)))
    found: list[str] = []
    try:
        _walk(tree, {}, found)
    except RecursionError:  # nested on purpose
        return ()
    return tuple(found)


def _plain(source: str) -> str:
    try:
        return str(TransformerManager().transform_cell(source))
    except Exception:  # whatever IPython stumbles over is not Python either
        return source


def _walk(node: ast.AST, names: dict[str, str], found: list[str]) -> None:
    """Add the tokens of a node and of what is in it; `names` are the ones met so far, with what they are called."""
    if isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)  # a docstring, or a text as a comment
    ):
        return
    found.append(type(node).__name__)
    if isinstance(node, ast.Constant):
        found[-1] = type(node.value).__name__ if not isinstance(node.value, int | float | complex) else "number"
        return
    if isinstance(node, ast.AnnAssign):
        found[-1] = "Assign"
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "type_comment", "ctx", "simple", "type_params"}:
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                _walk(part, names, found)
            elif isinstance(part, str):
                # What an object of a library offers keeps its name; what the learner names does not.
                kept = field == "attr" or part in vars(builtins)
                found.append(part if kept else names.setdefault(part, f"name {len(names)}"))


def fingerprints(tokens: Sequence[str]) -> set[int]:
    """Return the fingerprints that winnowing chooses: of each window of hashes the lowest."""
    grams = ["\0".join(tokens[at : at + GRAM]) for at in range(len(tokens) - GRAM + 1)]
    hashes = [zlib.crc32(gram.encode("utf-8", "surrogatepass")) for gram in grams]
    return {min(hashes[at : at + WINDOW]) for at in range(max(1, len(hashes) - WINDOW + 1))} if hashes else set()


def pairs(marks: Iterable[Mark]) -> pd.DataFrame:
    """Return the pairs of learners whose submissions of a unit are alike, the most alike, by the longest answers, first."""
    found = []
    for unit, own in _by_unit(marks).items():
        prints = _telling(unit, {mark.learner: _prints(mark) for mark in own})
        owners = defaultdict(list)
        for learner, theirs in sorted(prints.items()):
            for one in theirs:
                owners[one].append(learner)
        common = Counter(pair for learners in owners.values() for pair in combinations(learners, 2))
        for (first, second), count in common.items():
            share = count / (len(prints[first]) + len(prints[second]) - count)
            if share >= ALIKE:
                questions = sorted({question for question, _ in prints[first] & prints[second]})
                found.append([unit, first, second, share, count, questions])
    table = pd.DataFrame(found, columns=PAIRS)
    return table.sort_values(["alike", "in common", *PAIRS[:3]], ascending=[False, False, True, True, True],
                             ignore_index=True)  # fmt: skip


def like_public(marks: Iterable[Mark]) -> pd.DataFrame:
    """Return whose answers have the normal form of the public solution, where that is long enough to say something."""
    found = []
    for unit, own in _by_unit(marks).items():
        public = {question: normal_form(code) for question, code in _public(unit).items()}
        for mark in own:
            for question, source in _attempted(mark).items():
                form = public.get(question, ())
                if len(form) >= LONG and normal_form(source) == form:
                    found.append([unit, question, mark.learner])
    return pd.DataFrame(sorted(found), columns=["unit", "question", "learner"])


def _by_unit(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.outcomes:
            found.setdefault(mark.unit, []).append(mark)
    return found


def _attempted(mark: Mark) -> dict[str, str]:
    """Return the cells that are the learner's own: a stub is the same for everybody, and a letter is a letter."""
    left = {outcome.question for outcome in mark.outcomes if outcome.status is Status.NOT_ATTEMPTED}
    asked = units.load(mark.unit).questions if mark.unit in known_units() else {}
    left |= {id for id, question in asked.items() if question.item is not None}
    return {question: source for question, source in mark.work.items() if question not in left}


def _prints(mark: Mark) -> set[Print]:
    return {
        (question, one) for question, source in _attempted(mark).items() for one in fingerprints(normal_form(source))
    }


def _public(unit: str) -> dict[str, str]:
    return units.load(unit).answers if unit in known_units() else {}


def _telling(unit: str, prints: dict[str, set[Print]]) -> dict[str, set[Print]]:
    """Leave out what the public solution and many learners have, and then who has too little left."""
    many = max(3, min(10, len(prints) // 5))
    counts = Counter(one for theirs in prints.values() for one in theirs)
    common = {one for one, count in counts.items() if count > many}
    common |= {(q, one) for q, code in _public(unit).items() for one in fingerprints(normal_form(code))}
    left = {learner: theirs - common for learner, theirs in prints.items()}
    return {learner: theirs for learner, theirs in left.items() if len(theirs) >= LEAST}

"""Submissions that are suspiciously alike once names and layout are normalised, and ones like the public solution.

Each answer becomes the sequence of the kinds of its syntax tree, with no literals, comments, docstrings, annotations or
imports. Names count by the order in which they appear in a few tokens, so that one more name at the top changes nothing
below. Fingerprints of these sequences are chosen by winnowing
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
from mldebt.grading.mark import Mark
from mldebt.grading.submission import known_units

GRAM, WINDOW = 5, 4
"""Tokens of a fingerprint, and fingerprints of which one is kept: a common stretch of 8 tokens is always found."""
LEAST = 12
"""Fingerprints that must be left of both submissions: a short answer is found by many on their own."""
ALIKE = 0.7
"""Share in common from which a pair is named."""
LONG = 25
"""Stretches of tokens from which an answer that equals the public solution is named."""
MOST = 50_000
"""Characters of a cell that is compared; no answer is as long."""

PAIRS = ["unit", "first", "second", "alike", "in common", "questions"]
Print = tuple[str, int]
_NAME = "name "
_NOT_COMPARED = frozenset({"annotation", "returns", "type_comment", "ctx", "simple", "type_params"})


def grams(source: str) -> list[str]:
    """Return code cut into overlapping stretches of tokens; none if it is no Python, too long, or too short."""
    if len(source) > MOST:
        return []
    tree = parse(source)
    if not tree.body:  # magics, perhaps
        tree = parse(body_of(source, _plain(source)))
    tokens: list[str] = []
    try:
        _walk(tree, tokens)
    except RecursionError:  # nested on purpose
        return []
    return [_numbered(tokens[at : at + GRAM]) for at in range(len(tokens) - GRAM + 1)]


def _numbered(tokens: Sequence[str]) -> str:
    """Write names as the order of their first appearance among these tokens."""
    names: dict[str, str] = {}
    return " ".join(names.setdefault(t, f"{_NAME}{len(names)}") if t.startswith(_NAME) else t for t in tokens)


def _plain(source: str) -> str:
    try:
        return str(TransformerManager().transform_cell(source))
    except Exception:  # whatever IPython stumbles over is not Python either
        return source


def _walk(node: ast.AST, tokens: list[str]) -> None:
    """Add the tokens of a node and of what is in it."""
    if isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)  # a docstring, or a text as a comment
    ):
        return
    if isinstance(node, ast.Constant):
        number = isinstance(node.value, int | float | complex) and not isinstance(node.value, bool)
        tokens.append("number" if number else type(node.value).__name__)
        return
    tokens.append("Assign" if isinstance(node, ast.AnnAssign) else type(node).__name__)
    for field, value in ast.iter_fields(node):
        if field in _NOT_COMPARED:
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                _walk(part, tokens)
            elif isinstance(part, str):
                # What an object of a library offers keeps its name; what the learner names does not.
                tokens.append(part if field == "attr" or part in vars(builtins) else f"{_NAME}{part}")


def fingerprints(grams: Sequence[str]) -> set[int]:
    """Return the fingerprints that winnowing chooses: of each window of hashes the lowest."""
    hashes = [zlib.crc32(gram.encode("utf-8", "surrogatepass")) for gram in grams]
    return {min(hashes[at : at + WINDOW]) for at in range(max(1, len(hashes) - WINDOW + 1))} if hashes else set()


def pairs(marks: Iterable[Mark]) -> pd.DataFrame:
    """Return the pairs of learners whose submissions of a unit are alike, the most and the longest first."""
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
    """Return whose answers have the form of the public solution, where that is long enough to say something."""
    found = []
    for unit, own in _by_unit(marks).items():
        public = {question: grams(code) for question, code in _public(unit).items()}
        for mark in own:
            for question, source in _attempted(mark).items():
                form = public.get(question, [])
                if len(form) >= LONG and grams(source) == form:
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
    return {(question, one) for question, source in _attempted(mark).items() for one in fingerprints(grams(source))}


def _public(unit: str) -> dict[str, str]:
    return units.load(unit).answers if unit in known_units() else {}


def _telling(unit: str, prints: dict[str, set[Print]]) -> dict[str, set[Print]]:
    """Leave out what the public solution and many learners have, and then who has too little left."""
    many = max(3, min(10, len(prints) // 5))
    counts = Counter(one for theirs in prints.values() for one in theirs)
    common = {one for one, count in counts.items() if count > many}
    common |= {(q, one) for q, code in _public(unit).items() for one in fingerprints(grams(code))}
    left = {learner: theirs - common for learner, theirs in prints.items()}
    return {learner: theirs for learner, theirs in left.items() if len(theirs) >= LEAST}

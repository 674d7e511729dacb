"""What a right answer to exercise 04 does."""

import ast
import copy
import re
from random import Random
from typing import Any

from mldebt.check import Answer, BrokeError, NotAttemptedError, Verdict, in_quiz, question, right, same, wrong

VERSIONS = {"v1.0": 0.82, "v1.1": 0.85, "v2.0": 0.88, "v2.1": 0.90, "v3.0": 0.87}
LIMIT = 3


def best(versions: dict[str, float], limit: int) -> dict[str, float]:
    """Return the `limit` versions with the highest accuracy, best first."""
    return {name: versions[name] for name in sorted(versions, key=lambda name: -versions[name])[:limit]}


def dicts(text: str) -> list[dict[Any, Any]]:
    """Read back the flat dicts that a printed text holds; what surrounds them does not matter."""
    text = re.sub(r"np\.float\d+\(([^()]*)\)", r"\1", text)
    found = []
    for part in re.findall(r"\{[^{}]*\}", text):
        try:
            value = ast.literal_eval(part)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def shows(text: str, expected: dict[str, float]) -> bool:
    """Tell whether a printed text holds the expected dict, in its order."""
    return any(same(found, expected) and list(found) == list(expected) for found in dicts(text))


@question(
    "print the active models",
    hints=(
        "`print` writes a value to the output, here and in a script.",
        "Between the brackets of `print` stands the name of the dict, without quotes.",
        'With a dict `prices = {"tea": 2}`, the line `print(prices)` shows the names and the numbers.',
    ),
    misconceptions={
        "displayed": "Nothing is printed. The notebook shows the value of the last line by itself; a script would "
        "stay silent. Use `print`.",
        "nothing": "The cell runs, and nothing is printed. Is `print` called, with something between its brackets?",
        "quoted": "That prints the name, letter by letter. Without quotes Python takes the dict that the name stands "
        "for.",
        "all-versions": "These are all versions. Print those that stay active.",
        "reordered": "The entries are there, in another order. The best one comes first in `active_models`: print it "
        "as it is. (`pprint` sorts the names unless it is told not to.)",
        "keys-only": "The names are printed, their accuracies are not. Print the dict itself.",
        "values-only": "The accuracies are printed, and nobody can tell whose they are. Print the dict itself.",
        "entries": "Names and accuracies are there, and not as one dict. Print it whole, so that a program can read "
        "it back.",
        "typed-in": "What you print is right today, and it does not come from `active_models`: I gave that name other "
        "entries, and your cell printed something else. Print the name.",
        "other": "What is printed is not the dict `active_models`.",
    },
    praise="Names and accuracies, best first: whoever runs the script can see what is in use.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Judge what the cell prints, here and with other active models."""
    cell = answer.source()
    if _displays(cell):
        return wrong("displayed")
    text = answer.printed()
    active = best(VERSIONS, LIMIT)
    if not shows(text, active):
        return _what(text, active, cell)
    others = _other_models(draw)
    try:
        there = answer.given(active_models=others).printed()
    except BrokeError:  # it looks for the entries by name
        return wrong("typed-in")
    return right() if shows(there, others) else wrong("typed-in")


def _displays(cell: ast.Module) -> bool:
    """Tell whether a cell calls `display` and never `print`."""
    called = {node.func.id for node in ast.walk(cell) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return "display" in called and "print" not in called


def _other_models(draw: Random) -> dict[str, float]:
    """Draw four versions, best first, whose names are not in the order of the alphabet."""
    names = [f"v{number}" for number in draw.sample(range(10, 99), 4)]
    scores = sorted((score / 1000 for score in draw.sample(range(300, 990), 4)), reverse=True)
    return dict(zip(names, scores, strict=True))


def _what(text: str, active: dict[str, float], cell: ast.Module) -> Verdict:
    """Name what is printed instead of the dict."""
    if not text.strip():
        return wrong("displayed" if isinstance(cell.body[-1], ast.Expr) and "print" not in _loaded(cell) else "nothing")
    if any(same(found, active) for found in dicts(text)):
        return wrong("reordered")
    numbers = {float(number) for number in re.findall(r"\d+\.\d+", text)}
    names = {name for name in VERSIONS if name in text}
    if names == set(VERSIONS):
        return wrong("all-versions")
    if names == set(active):
        return wrong("entries" if numbers >= set(active.values()) else "keys-only")
    if not names and numbers == set(active.values()):
        return wrong("values-only")
    return wrong("quoted" if "active_models" in text and not names else "other")


def _loaded(cell: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(cell) if isinstance(node, ast.Name)}


# Runs a program as a script would run: with no name of the notebook, and without what only notebooks have.
# It is sent to where the learner's code runs, and its `seen` comes back as data.
RUNNER = """
import builtins, contextlib, io, traceback

def no_input(prompt=""):
    raise EOFError("EOF when reading a line")

def alone(name, *others, **more):
    if name.split(".")[0] in ("mldebt", "IPython", "__main__", "ipykernel"):
        raise ImportError(f"no {name} here", name=name)
    return __import__(name, *others, **more)

only_in_notebooks = ("display", "get_ipython")
known = {name: value for name, value in vars(builtins).items() if name not in only_in_notebooks}
output = io.StringIO()
seen = {"error": "", "lacks": "", "imports": "", "line": 0}
try:
    with contextlib.redirect_stdout(output):
        exec(
            compile(program, "my_models.py", "exec"),
            {"__name__": "__main__", "__builtins__": {**known, "input": no_input, "__import__": alone}},
        )
except SystemExit:
    pass
except Exception as error:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "my_models.py"]
    seen["error"] = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"
    seen["lacks"] = error.name if isinstance(error, NameError) else ""
    seen["imports"] = error.name if str(error) == f"no {getattr(error, 'name', '')} here" else ""
    seen["line"] = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else 0
seen["printed"] = output.getvalue()
"""

IN_NOTEBOOK = {"model_versions", "max_versions", "active_models", "display", "get_ipython", "ex", "script"}


@question(
    "script: the whole project, running alone",
    makes="script",
    points=2,
    hints=(
        "A text of several lines stands between three quotes at each end: the lines that you would write in cells.",
        "Four parts, in this order: the record, the limit, the rule, the print. Your own answers to the four steps "
        "are all you need.",
        'The shape, with other things: `program = """`, then lines such as `prices = {"tea": 2}` and '
        '`print(prices)`, then `"""` on a line of its own.',
    ),
    misconceptions={
        "not-text": "`script` should be text, the program between triple quotes, and it is a {kind}. Without the "
        "quotes Python runs the lines at once.",
        "file-name": "`script` holds the name of a file. It should hold the program itself.",
        "not-alone": "Run by itself, your script does not know `{name}`. The notebook does; a script knows only what "
        "stands in it.",
        "notebook-cell": "Your script imports `{name}`, which belongs to this notebook. A script that runs alone has "
        "only the four steps in it: leave the notebook's own first cell out.",
        "prints-nothing": "Your script runs and prints nothing. A name on a line of its own shows nothing in a script.",
        "prints-all": "Your script prints all versions. Those above the limit should be left out.",
        "ascending": "Your script prints the versions with the lowest accuracy. Look at the order in which `sorted` "
        "gives them, and at what that does to the slice.",
        "wrong-order": "The right versions are printed, in another order. The best one comes first.",
        "wrong-scores": "The right versions are printed, and an accuracy is not the one in the record of step 1.",
        "prints-other": "Your script runs, and what it prints is not the dict of the active models.",
        "hard-coded": "It prints the right dict, and it prints a wrong one when I change the scores in your record. "
        "The rule must choose, not a name or a number that you typed.",
        "no-limit": "It prints the right dict, and there is no line that sets `max_versions`. The limit needs its "
        "name, so that it can be found and changed.",
        "wrong-record": "It prints the right dict. With room for all versions it does not print the record of step 1: "
        "compare the names and scores that are left out.",
        "limit-ignored": "It prints the right dict, and it does not follow when I set another `max_versions`. "
        "The rule must use the name.",
    },
    praise="It runs without the notebook and follows other scores and limits. `my_models.py` is yours to keep.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Run the script as it is, then with other limits, then with other scores."""
    script = answer.value("script")
    if not isinstance(script, str):
        return wrong("not-text", kind=type(script).__name__)
    if not script.strip():
        raise NotAttemptedError("`script` is empty. Write the program between the quotes, then run the cell.")
    if re.fullmatch(r"\S+\.py", script.strip()):
        return wrong("file-name")
    seen = _run(answer, script)
    if seen["lacks"] in IN_NOTEBOOK:
        return wrong("not-alone", name=seen["lacks"], line=_line(script, seen["line"]))
    if seen["imports"]:
        return wrong("notebook-cell", name=seen["imports"], line=_line(script, seen["line"]))
    if seen["error"]:
        raise BrokeError(f"Your script stopped with {seen['error']}.", _line(script, seen["line"]))
    if not shows(seen["printed"], best(VERSIONS, LIMIT)):
        return _what_script(seen["printed"])
    tree = answer.program("script")
    two, five = (_with_limit(tree, limit) for limit in (2, len(VERSIONS)))
    follows = two is not None and shows(_run(answer, two)["printed"], best(VERSIONS, 2))
    if follows and five is not None:
        seen = _run(answer, five)
        # A guard such as `assert max_versions < len(model_versions)` may stop it: then this says nothing.
        if not seen["error"] and not shows(seen["printed"], best(VERSIONS, len(VERSIONS))):
            return wrong("wrong-record", earned=1)
    scores = _other_scores(draw)
    rescored = _with_scores(tree, scores)
    if rescored is not None and not shows(_run(answer, rescored)["printed"], best(scores, LIMIT)):
        return wrong("hard-coded", earned=1)
    if two is None:
        return wrong("no-limit", earned=1)
    return right() if follows else wrong("limit-ignored", earned=1)


def _run(answer: Answer, program: str) -> dict[str, Any]:
    """Run a program by itself, where the learner's code runs."""
    try:
        seen = answer.evaluate("exec(_runner, _space) or _space['seen']", _runner=RUNNER, _space={"program": program})
    except BrokeError:
        raise BrokeError("Your script does not come to an end.") from None
    return dict(seen)


def _line(script: str, number: int) -> str | None:
    lines = script.splitlines()
    return f"script, line {number}: {lines[number - 1].strip()}" if 0 < number <= len(lines) else None


def _what_script(text: str) -> Verdict:
    """Name what a script prints instead of the best three."""
    expected = best(VERSIONS, LIMIT)
    if not text.strip():
        return wrong("prints-nothing")
    for found in dicts(text):
        if same(found, VERSIONS):
            return wrong("prints-all")
        if found.keys() == expected.keys():
            return wrong("wrong-order" if same(found, expected) else "wrong-scores")
        if found.keys() == set(sorted(VERSIONS, key=VERSIONS.__getitem__)[:LIMIT]):
            return wrong("ascending")
    return wrong("prints-other")


def _other_scores(draw: Random) -> dict[str, float]:
    """Draw other scores for the same versions, so that the best one is no longer among the best."""
    while True:
        scores = dict(zip(VERSIONS, (score / 1000 for score in draw.sample(range(300, 800), 5)), strict=True))
        if max(VERSIONS, key=VERSIONS.__getitem__) not in best(scores, LIMIT):
            return scores


def _with_scores(tree: ast.Module, scores: dict[str, float]) -> str | None:
    """Write the program with other numbers for the five scores, wherever they stand; None if they do not."""
    new = {VERSIONS[name]: scores[name] for name in VERSIONS}
    seen = set()

    class Rescore(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.Constant:
            if isinstance(node.value, float) and node.value in new:
                seen.add(node.value)
                return ast.Constant(new[node.value])
            return node

    text = ast.unparse(Rescore().visit(copy.deepcopy(tree)))
    return text if len(seen) == len(new) else None


def _with_limit(tree: ast.Module, limit: int) -> str | None:
    """Write the program with another limit, set right behind the line that sets it; None if no line does."""
    found = []

    class Relimit(ast.NodeTransformer):
        def visit_Assign(self, node: ast.Assign) -> Any:
            return self._behind(node)

        def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
            return self._behind(node)

        def _behind(self, node: ast.Assign | ast.AnnAssign) -> Any:
            stored = {
                name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            }
            if "max_versions" not in stored:
                return node
            found.append(node)
            return [node, ast.parse(f"max_versions = {limit}").body[0]]

    text = ast.unparse(Relimit().visit(copy.deepcopy(tree)))
    return text if found else None


q3 = in_quiz("unknown-reader", makes="answer_3")

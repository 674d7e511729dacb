"""What a right answer to exercise 05 does."""

from random import Random
from typing import Any

from mldebt.check import Answer, Verdict, in_quiz, question, right, same, wrong

q1 = in_quiz("meaning", makes="answer_1")
q2 = in_quiz("sign", makes="answer_2")
q3 = in_quiz("only-in-variables", makes="answer_3")
q4 = in_quiz("none-predicts", makes="answer_4")
q5 = in_quiz("safe-and-fast", makes="answer_5")

# Each evaluation starts from the names as the notebook left them: what a function keeps in memory in one of them
# is gone in the next, as it is in a new session. Files stay.
FOLDER = "__import__('tempfile').mkdtemp()"
TWICE = "[len(trainings), get_model(data, path), len(trainings), get_model(data, path), len(trainings)]"
EXISTS = "__import__('os').path.exists(path)"


def world(draw: Random) -> list[tuple[int, bool]]:
    """Draw customers: the number of their tickets, and whether they left."""
    limit = draw.randint(2, 8)
    return [(tickets, tickets >= limit) for tickets in draw.choices(range(10), k=30)] + [
        (limit, True),
        (limit - 1, False),
    ]


@question(
    "get_model: train once, then load",
    makes="get_model",
    points=2,
    hints=(
        "Two cases: the file is there, or it is not. `Path(path).exists()` tells which.",
        "`json.dumps` turns a model into text and `json.loads` turns it back; `Path` has `write_text` and `read_text`.",
        "When the file is missing: train, write the file, then return the model. Otherwise: read the file and return "
        "what is in it.",
    ),
    misconceptions={
        "returns-nothing": "`get_model` returns nothing. Give the model back in both cases, trained or loaded.",
        "wrong-model": "What `get_model` returns is not the model that `train_model` makes from the data.",
        "loads-other": "The second time `get_model` returns something else: what is read from the file is not the "
        "model that was saved. Turn the text back into a dict.",
        "trains-each-time": "`get_model` trains at every call, and no file is there afterwards. Save the model where "
        "`path` says.",
        "kept-in-memory": "The model is kept in a variable and not in the file. In a new session the variable is "
        "gone, and the training is paid for again.",
        "not-at-path": "Afterwards there is no file at `path`. Use the path that the function is given.",
        "saved-not-loaded": "The model is saved, and then trained again all the same. Look for the file before you "
        "train.",
        "trains-too-often": "The first call trains {count} times. Once is enough: keep what `train_model` returns.",
        "changes-data": "`get_model` changes the data that it is given. Whoever uses the list next gets another one.",
    },
    praise="One training, however often the model is asked for, also in a new session.",
)
def repair_3(answer: Answer, draw: Random) -> Verdict:
    """Ask twice for a model of one world, then in a new session, then for one of another world elsewhere."""
    folder = answer.evaluate(FOLDER)
    for name in ("first.json", "second.json"):
        data, path = world(draw), f"{folder}/{name}"
        expected = answer.evaluate("train_model(data)", data=data)
        before, first, after_first, second, after_second = answer.evaluate(TWICE, data=data, path=path)
        if first is None or second is None:
            return wrong("returns-nothing")
        if not same(first, expected):
            return wrong("wrong-model")
        if not answer.evaluate(EXISTS, path=path):
            return _unsaved(answer, data, path, after_first - before, after_second - after_first)
        if after_first - before > 1:
            return wrong("trains-too-often", count=after_first - before)
        if after_second > after_first:
            return wrong("saved-not-loaded", earned=0.5)
        if not same(second, expected):
            return wrong("loads-other", earned=0.5)
        before, again, after, *_ = answer.evaluate(TWICE, data=data, path=path)
        if after > before:
            return wrong("saved-not-loaded", earned=0.5)
        if not same(again, expected):
            return wrong("loads-other", earned=0.5)
    call = answer.call("get_model", world(draw), f"{folder}/third.json")
    return wrong("changes-data", earned=1) if "1" in call.changed else right()


def _unsaved(answer: Answer, data: list[tuple[int, bool]], path: str, first: int, second: int) -> Verdict:
    """Name what a function does that leaves no file at its path, by its trainings in the first two calls."""
    if second:
        return wrong("trains-each-time")
    before, _, after, *_ = answer.evaluate(TWICE, data=data, path=path)
    # No training at all was seen where a cache of functools, which no new session clears, holds the model.
    return wrong("kept-in-memory" if after > before or not first else "not-at-path")


# Loads a model where the learner's code runs, and says as data what came of it.
ATTEMPT = """
try:
    model = load(path)
    seen = {"none": model is None, "predicts": hasattr(model, "predict"), "error": [], "said": ""}
    seen["predictions"] = [bool(model.predict(tickets)) for tickets in range(12)] if seen["predicts"] else []
except Exception as error:
    seen = {"error": [kind.__name__ for kind in type(error).__mro__], "said": str(error)}
"""
LOAD = "[_space.update(load=load_model, path=path), exec(_attempt, _space), _space['seen']][-1]"
WRITE = "__import__('pathlib').Path(path).write_text(text)"


@question(
    "load_model: fail where the fault is",
    makes="load_model",
    points=2,
    hints=(
        "Look at what `load_quietly` does when something goes wrong, and leave that out.",
        "Reading a file that is missing raises `FileNotFoundError` by itself, with the path in its message. Do not "
        "catch it.",
        "Around the reading of the JSON: `try`, and in `except` a `raise ValueError(...)` with a text in which "
        "`path` stands.",
    ),
    misconceptions={
        "no-model": "`load_model` returns something without `predict`. Build a `Model` from what the file holds.",
        "returns-nothing": "`load_model` returns `None` for a good file. Return the model.",
        "wrong-limit": "The loaded model predicts something else than the saved one. Take the limit from the file.",
        "quiet-when-missing": "The file is missing, and `load_model` returns as if all were well. The fault shows up "
        "later, in another place. Let it raise `FileNotFoundError`.",
        "prints-instead": "A printed message does not stop the program: `load_model` still returns something for a "
        "missing file. Raise an error.",
        "other-error-when-missing": "For a missing file `load_model` raises {error}, which says nothing about a file. "
        "`FileNotFoundError` does.",
        "quiet-when-damaged": "The file holds no model, and `load_model` returns something all the same. Raise "
        "`ValueError`.",
        "other-error-when-damaged": "For a file without a model (I tried `{text}`) `load_model` raises {error}, which "
        "says nothing about the file. Raise `ValueError` instead.",
        "names-no-file": "The error is of the right kind, and its message does not say which file: `{said}`. Put the "
        "path into it.",
    },
    praise="Whoever gets this error knows which file to look at.",
)
def repair_4(answer: Answer, draw: Random) -> Verdict:
    """Load a good file, a missing one and three damaged ones."""
    folder = answer.evaluate(FOLDER)
    for limit in draw.sample(range(1, 11), 2):
        path = f"{folder}/good-{limit}.json"
        answer.evaluate(WRITE, path=path, text=f'{{"limit": {limit}}}')
        seen = _load(answer, path)
        if seen["error"]:
            answer.call("load_model", path)  # raises the same error, told as the learner's own
        if seen.get("none"):
            return wrong("returns-nothing")
        if not seen.get("predicts"):
            return wrong("no-model")
        if seen["predictions"] != [tickets >= limit for tickets in range(12)]:
            return wrong("wrong-limit")
    return _missing(answer, f"{folder}/missing.json") or _damaged(answer, folder) or right()


def _load(answer: Answer, path: str) -> dict[str, Any]:
    return dict(answer.evaluate(LOAD, path=path, _attempt=ATTEMPT, _space={}))


def _missing(answer: Answer, path: str) -> Verdict | None:
    seen = _load(answer, path)
    if not seen["error"]:
        printed = answer.call("load_model", path).printed
        return wrong("prints-instead" if printed else "quiet-when-missing", earned=0.5)
    if "FileNotFoundError" not in seen["error"]:
        return wrong("other-error-when-missing", earned=0.5, error=seen["error"][0])
    if path not in seen["said"] and "missing.json" not in seen["said"]:
        return wrong("names-no-file", earned=1, said=seen["said"][:80])
    return None


def _damaged(answer: Answer, folder: str) -> Verdict | None:
    for number, text in enumerate(("limit 3", '{"threshold": 3}', "[3]")):
        path = f"{folder}/damaged-{number}.json"
        answer.evaluate(WRITE, path=path, text=text)
        seen = _load(answer, path)
        if not seen["error"]:
            return wrong("quiet-when-damaged", earned=1)
        if "ValueError" not in seen["error"]:
            return wrong("other-error-when-damaged", earned=1, error=seen["error"][0], text=text)
        if f"damaged-{number}.json" not in seen["said"]:
            return wrong("names-no-file", earned=1, said=seen["said"][:80])
    return None

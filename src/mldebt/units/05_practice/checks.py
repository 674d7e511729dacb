"""What a right answer to exercise 05 does."""

from collections.abc import Callable
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
MODELS = "__import__('os').mkdir(folder + '/models')"
REMOVE = "__import__('shutil').rmtree(folder, ignore_errors=True)"
# Asks inside that folder: a file whose name is typed into a function leaves nothing where the learner works.
INSIDE = """
import contextlib

with contextlib.chdir(folder):
    seen = ask()
"""
ASK = "[_space.update(folder=folder, ask=lambda: {asked}), exec(_inside, _space), _space['seen']][-1]"
TWICE = ASK.format(
    asked="[len(trainings), get_model(data, path), len(trainings), get_model(data, path), len(trainings)]"
)
TWO_FILES = ASK.format(asked="[get_model(data, path), get_model(other_data, other_path)]")
EXISTS = "__import__('os').path.exists(path)"


def world(draw: Random, limit: int) -> list[tuple[int, bool]]:
    """Draw customers, the number of their tickets and whether they left, of whom only `limit` takes all rightly."""
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
        "one-for-all": "Asked for two files in one session, `get_model` returns the model of the first both times. "
        "What you keep in memory belongs to one `path`.",
        "changes-data": "`get_model` changes the data that it is given. Whoever uses the list next gets another one.",
    },
    praise="One training, however often the model is asked for, also in a new session.",
)
def repair_3(answer: Answer, draw: Random) -> Verdict:
    """Ask twice for a model of one world, then in a new session, then for those of other worlds elsewhere."""
    return _in_a_folder(answer, draw, _saves)


def _in_a_folder(answer: Answer, draw: Random, judge: Callable[[Answer, Random, str], Verdict]) -> Verdict:
    """Judge with a folder that is gone afterwards."""
    folder = answer.evaluate(FOLDER)
    try:
        answer.evaluate(MODELS, folder=folder)
        return judge(answer, draw, folder)
    finally:
        answer.evaluate(REMOVE, folder=folder)


def _saves(answer: Answer, draw: Random, folder: str) -> Verdict:
    worlds = [world(draw, limit) for limit in draw.sample(range(2, 9), 4)]
    for number, data in enumerate(worlds[:2]):
        path = f"{folder}/models/{number}.json"
        expected = answer.evaluate("train_model(data)", data=data)
        before, first, after_first, second, after_second = _twice(answer, folder, data, path)
        if first is None or second is None:
            return wrong("returns-nothing")
        if not same(first, expected):
            return wrong("wrong-model")
        if not answer.evaluate(EXISTS, path=path):
            start, _, end, *_ = _twice(answer, folder, data, path)
            return _unsaved(after_first - before, after_second - after_first, end - start)
        if after_first - before > 1:
            return wrong("trains-too-often", count=after_first - before)
        if after_second > after_first:
            return wrong("saved-not-loaded", earned=0.5)
        if not same(second, expected):
            return wrong("loads-other", earned=0.5)
        before, again, after, *_ = _twice(answer, folder, data, path)
        if after > before:
            return wrong("saved-not-loaded", earned=0.5)
        if not same(again, expected):
            return wrong("loads-other", earned=0.5)
    return _two_files(answer, worlds[2:], folder)


def _twice(answer: Answer, folder: str, data: object, path: str) -> list[Any]:
    """Ask twice in one session; return how many trainings there were before, between and after, and both models."""
    asked = answer.evaluate(TWICE, folder=folder, data=data, path=path, _inside=INSIDE, _space={})
    return list(asked)


def _two_files(answer: Answer, worlds: list[Any], folder: str) -> Verdict:
    """Ask for two models in one session, then look whether the data is still as it was."""
    names = {"path": f"{folder}/models/2.json", "other_path": f"{folder}/models/3.json"}
    data = {"data": worlds[0], "other_data": worlds[1]}
    both = answer.evaluate(TWO_FILES, folder=folder, _inside=INSIDE, _space={}, **names, **data)
    if not same(both, [answer.evaluate("train_model(data)", data=each) for each in worlds]):
        return wrong("one-for-all", earned=1)
    call = answer.call("get_model", worlds[0], f"{folder}/models/4.json")
    return wrong("changes-data", earned=1) if "1" in call.changed else right()


def _unsaved(first: int, second: int, anew: int) -> Verdict:
    """Name what a function does that leaves no file at its path, by its trainings in three calls, the last anew."""
    if second:
        return wrong("trains-each-time")
    # No training at all was seen where a cache of functools, which no new session clears, holds the model.
    return wrong("kept-in-memory" if anew or not first else "not-at-path")


# Loads a model where the learner's code runs, and says as data what came of it.
ATTEMPT = """
import contextlib

try:
    with contextlib.chdir(folder):
        model = [load(each) for each in paths][-1]
    seen = {"none": model is None, "predicts": hasattr(model, "predict"), "error": [], "said": ""}
    seen["predictions"] = [bool(model.predict(tickets)) for tickets in range(12)] if seen["predicts"] else []
except Exception as error:
    seen = {"error": [kind.__name__ for kind in type(error).__mro__], "said": str(error)}
"""
LOAD = "[_space.update(load=load_model, folder=folder, paths=paths), exec(_attempt, _space), _space['seen']][-1]"
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
        "one-for-all": "Loaded one after the other, two files give the same model: that of the first. What you keep in "
        "memory belongs to one `path`.",
        "quiet-when-missing": "The file is missing, and `load_model` returns as if all were well. The fault shows up "
        "later, in another place. Let it raise `FileNotFoundError`.",
        "prints-instead": "A printed message does not stop the program: `load_model` still returns something for a "
        "missing file. Raise an error.",
        "other-error-when-missing": "For a missing file `load_model` raises {error}. `FileNotFoundError` is asked for "
        "here: its name says what is wrong.",
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
    """Load two good files, a missing one and three damaged ones."""
    return _in_a_folder(answer, draw, _loads)


def _loads(answer: Answer, draw: Random, folder: str) -> Verdict:
    paths = []
    for limit in draw.sample(range(1, 11), 2):
        paths.append(f"{folder}/models/good-{limit}.json")
        answer.evaluate(WRITE, path=paths[-1], text=f'{{"limit": {limit}}}')
        seen = _load(answer, folder, paths[-1])
        if seen["error"]:
            answer.call("load_model", paths[-1])  # raises the same error, told as the learner's own
        if seen.get("none"):
            return wrong("returns-nothing")
        if not seen.get("predicts"):
            return wrong("no-model")
        if seen["predictions"] != [tickets >= limit for tickets in range(12)]:
            return wrong("wrong-limit")
    if _load(answer, folder, *paths) != seen:
        return wrong("one-for-all", earned=0.5)
    return _missing(answer, folder) or _damaged(answer, folder) or right()


def _load(answer: Answer, folder: str, *paths: str) -> dict[str, Any]:
    """Load these files in one session; say what came of the last."""
    return dict(answer.evaluate(LOAD, folder=folder, paths=list(paths), _attempt=ATTEMPT, _space={}))


def _missing(answer: Answer, folder: str) -> Verdict | None:
    path = f"{folder}/models/missing.json"
    seen = _load(answer, folder, path)
    if not seen["error"]:
        printed = answer.call("load_model", path).printed
        return wrong("prints-instead" if printed else "quiet-when-missing", earned=0.5)
    if "FileNotFoundError" not in seen["error"]:
        return wrong("other-error-when-missing", earned=0.5, error=seen["error"][0])
    if "missing.json" not in seen["said"]:
        return wrong("names-no-file", earned=1, said=seen["said"][:80] or "(no message)")
    return None


def _damaged(answer: Answer, folder: str) -> Verdict | None:
    for number, text in enumerate(("limit 3", '{"threshold": 3}', "[3]")):
        path = f"{folder}/models/damaged-{number}.json"
        answer.evaluate(WRITE, path=path, text=text)
        seen = _load(answer, folder, path)
        if not seen["error"]:
            return wrong("quiet-when-damaged", earned=1)
        if "ValueError" not in seen["error"]:
            return wrong("other-error-when-damaged", earned=1, error=seen["error"][0], text=text)
        if f"damaged-{number}.json" not in seen["said"]:
            return wrong("names-no-file", earned=1, said=seen["said"][:80] or "(no message)")
    return None

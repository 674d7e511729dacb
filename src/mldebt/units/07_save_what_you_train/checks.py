"""What a right answer to exercise 07 does."""

import ast
import json
import math
from collections.abc import Callable, Sequence
from hashlib import sha256
from random import Random
from typing import Any

import pandas as pd

from mldebt.check import Answer, NotAttemptedError, Verdict, in_quiz, kind_of, question, right, same, wrong
from mldebt.churn import customers

COLUMNS = ["usage", "login_days", "tenure", "price"]
ROWS = 300
RUN = "[_space.update({names}), exec(_text, _space), _space['seen']][-1]"


def drawn(draw: Random) -> pd.DataFrame:
    """Draw a table of customers with the columns of the exercise's own."""
    table = customers(ROWS, seed=draw.randrange(10**6))
    return table[["customer", *COLUMNS, "contract", "churned"]]


def run(answer: Answer, text: str, uses: Sequence[str], **inputs: Any) -> Any:
    """Run a program where the learner's code lives, with the learner's functions `uses`; return what it calls seen."""
    names = ", ".join(f"{name}={name}" for name in (*uses, *inputs))
    return answer.evaluate(RUN.format(names=names), _text=text, _space={}, **inputs)


def in_a_folder(answer: Answer, draw: Random, judge: Callable[[Answer, Random, str], Verdict]) -> Verdict:
    """Judge with a folder on the learner's side that is gone afterwards."""
    folder = answer.evaluate("__import__('tempfile').mkdtemp()")
    try:
        return judge(answer, draw, folder)
    finally:
        answer.evaluate("__import__('shutil').rmtree(folder, ignore_errors=True)", folder=folder)


# Question 1. In a new session Python's own `hash` gives other numbers for texts: so it does here, for learners' code.
HASHED = """
import json
import pandas as pd

text = json.dumps(table.to_dict("list"))
again = pd.DataFrame(json.loads(text))
again = pd.concat([again[: len(again) // 2], again[len(again) // 2 :]], ignore_index=True)  # as from two files
seen = {"twice": [data_hash(table), data_hash(table)], "again": data_hash(again)}
seen["others"] = [data_hash(other) for other in others]
space = getattr(data_hash, "__globals__", {})
if space.get("__name__") == "__main__" and "hash" not in space:
    space["hash"] = lambda value: hash((value, "another session"))
seen["tomorrow"] = data_hash(table)
"""


def changes(table: pd.DataFrame, draw: Random) -> dict[str, pd.DataFrame]:
    """Change a table in one way each: one value of each column, an exchange, a small change, a name."""
    row, other = draw.sample(range(ROWS // 3, 2 * ROWS // 3), 2)
    days: list[Any] = table["login_days"].tolist()  # whole numbers: their sum does not hang on their order
    while days[row] == days[other]:
        other += 1
    other_value = {"monthly": "yearly", "yearly": "monthly"}
    found = {}
    for column in map(str, table):
        value: Any = table[column].tolist()[row]
        if column == "churned":
            value = -value  # and so 1 - value below
        found[f"in {column}"] = _with(table, column, {row: other_value.get(value) or value + 1})
    found["exchanged"] = _with(table, "login_days", {row: days[other], other: days[row]})
    found["small"] = _with(table, "price", {row: math.nextafter(table["price"].tolist()[row], math.inf)})
    found["name"] = table.rename(columns={"contract": "plan"})
    return found


def _with(table: pd.DataFrame, column: str, values: dict[int, Any]) -> pd.DataFrame:
    """Put other values into some rows of a column."""
    changed: list[Any] = table[column].tolist()
    for row, value in values.items():
        changed[row] = value
    return table.assign(**{column: changed})


def one_off(table: pd.DataFrame) -> pd.DataFrame:
    """Say of one customer in the middle of a table that the other thing happened."""
    churned: list[Any] = table["churned"].tolist()
    return _with(table, "churned", {ROWS // 2: 1 - churned[ROWS // 2]})


@question(
    "data_hash: one text for one table",
    makes="data_hash",
    points=2,
    hints=(
        "Two steps: write the whole table as one text, then make a hash of that text.",
        "`table.to_csv()` writes every value and every name. `sha256` wants bytes: a text has `.encode()`.",
        "What `sha256(...)` gives back is an object. `.hexdigest()` makes it a text of 64 characters.",
    ),
    misconceptions={
        "not-a-text": "`data_hash` should return a text, which can be written into a record. It returns {got}.",
        "short": "`{got}` is too short. With so few characters two tables get the same one by chance.",
        "long": "The text has {length} characters. If it is the table written out, all customers would stand in every "
        "record: make a hash of it.",
        "changes-data": "`data_hash` changes the table that it is given. Work on a copy.",
        "not-the-same": "Called twice with one table, `data_hash` returns two texts. What goes into it is not the "
        "values, but perhaps where they lie in memory, or the time.",
        "not-from-file": "I wrote the table to files and read it again: the same values, and another hash. What "
        "goes into it also depends on how Python holds the values. Use the names of the columns and the values, "
        "written as text.",
        "new-session": "In a new session your text is another one for the same table: Python's `hash` is salted anew "
        "each time it starts. Use `sha256`.",
        "misses-value": "I changed one value in the middle of the table, and the text stayed. Print what you make the "
        "hash of: are all rows in it?",
        "misses-column": "I changed one value in `{column}`, and the text stayed. All columns count.",
        "totals": "Two customers exchanged their `login_days`, and the text stayed. Sums and means do not see that; "
        "the hash needs each value in its place.",
        "rounds": "I changed one price by the smallest step there is, and the text stayed. Something rounds on the "
        "way.",
        "names-do-not-count": "A column got another name, and the text stayed. The values are the same; what they "
        "mean is not.",
    },
    praise="Whatever happens to the table, the text tells.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Make hashes of some tables, of the same ones read again, and of changed ones."""
    for _ in range(3):
        table = drawn(draw)
        call = answer.call("data_hash", table)
        if not isinstance(call.value, str):
            return wrong("not-a-text", got=_named(call.value))
        if len(call.value) < 16:
            return wrong("short", got=call.value)
        if len(call.value) > 128:
            return wrong("long", length=len(call.value))
        if call.changed:
            return wrong("changes-data")
        changed = changes(table, draw)
        seen = run(answer, HASHED, ["data_hash"], table=table, others=list(changed.values()))
        first, second = seen["twice"]
        if first != second:
            return wrong("not-the-same")
        if seen["again"] != first:
            return wrong("not-from-file")
        if seen["tomorrow"] != first:
            return wrong("new-session")
        missed = [what for what, text in zip(changed, seen["others"], strict=True) if text == first]
        if missed:
            return _missed(missed)
    return right()


def _kind(value: object) -> str:
    return type(value).__name__


def _named(value: object) -> str:
    return "None" if value is None else f"a value of type {_kind(value)}"


def _missed(missed: list[str]) -> Verdict:
    """Name what the changes that were not seen have in common."""
    columns = [what.removeprefix("in ") for what in missed if what.startswith("in ")]
    if "in usage" in missed:
        return wrong("misses-value")
    if columns:
        return wrong("misses-column", earned=0.5, column=columns[0])
    names = {"exchanged": "totals", "small": "rounds", "name": "names-do-not-count"}
    return wrong(names[missed[0]], earned=1)


# Questions 2 and 3: models, and files beside each other, all of it where the learner's code lives.

FITTED = """
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

seen = make_pipeline(StandardScaler(), LogisticRegression(C=penalty)).fit(table[columns], table["churned"])
"""
TELLS = "[data_hash(table), data_hash(table.copy()), data_hash(other)]"
FORECASTS = "[float(p) for p in model.predict_proba(table[columns])[:, 1]]"
SAVED = """
import contextlib

with contextlib.chdir(folder):
    try:
        save(model, table, path)
        seen = None
    except FileExistsError:
        seen = "taken"
"""
LOOKED = """
import os, joblib

names = sorted(os.path.relpath(os.path.join(top, name), folder) for top, _, found in os.walk(folder) for name in found)
seen = {"names": names, "model": None, "record": None, "forecasts": []}
if os.path.isfile(path):
    with open(path, "rb") as file:
        seen["model"] = file.read()
    try:
        model = joblib.load(path)
        seen["forecasts"] = [float(p) for p in model.predict_proba(table[columns])[:, 1]]
    except Exception:
        pass
if os.path.isfile(path + ".json"):
    with open(path + ".json", "rb") as file:
        seen["record"] = file.read()
"""
# What came of a call that should fail: the names of the error and of its bases, and its message without the folder.
TRIED = """
import contextlib, os

try:
    with contextlib.chdir(folder):
        {call}
    seen = {{"error": [], "said": ""}}
except Exception as error:
    said = str(error).replace(folder + os.sep, "").replace(folder, "")
    seen = {{"error": [kind.__name__ for kind in type(error).__mro__], "said": said}}
"""
AGAIN = TRIED.format(call="save(model, table, path)")
NEEDS_Q1 = (
    "`data_hash` gives two tables one text, or one table two texts. No record can be better than that: go back to q1."
)
NO_TEXT = "This question uses `data_hash`, and yours gives {got}. A record needs a text: go back to q1."
TYPED = (
    "The version of scikit-learn stands in your cell as a text. After the next upgrade it is not the running one any "
    "more: ask the package each time."
)
VERSION = "__import__('sklearn').__version__"
ENTRIES = ("file", "data", "sklearn")


def fitted(answer: Answer, table: pd.DataFrame, draw: Random) -> Any:
    """Train a model where the learner's code lives, so strongly penalised that no other training gives the same."""
    penalty = draw.choice((0.001, 0.002, 0.004, 0.008))
    return run(answer, FITTED, [], table=table, columns=COLUMNS, penalty=penalty)


def forecasts(answer: Answer, model: Any, table: pd.DataFrame) -> Any:
    """Return the probabilities that a model, which stays where it is, gives the customers of a table."""
    return answer.evaluate(FORECASTS, model=model, table=table, columns=COLUMNS)


def no_text(answer: Answer, table: pd.DataFrame) -> Verdict | None:
    """Say what the learner's `data_hash`, which other questions use, gives in place of a text."""
    try:
        value = answer.call("data_hash", table).value
    except NotAttemptedError:
        raise NotAttemptedError("This question uses your `data_hash`: complete q1 and run its cell first.") from None
    return None if isinstance(value, str) else wrong("no-text-from-q1", got=_named(value))


def typed(answer: Answer, name: str) -> bool:
    """Tell whether the running version is a text in the cell that makes `name`.

    A change of the version is not tried: a right answer may have imported the text of the old one.
    """
    version = answer.evaluate(VERSION)
    return any(isinstance(part, ast.Constant) and part.value == version for part in ast.walk(answer.source(name)))


def tells(answer: Answer, table: pd.DataFrame) -> bool:
    """Tell whether the learner's `data_hash` knows a table again, and tells it apart."""
    first, second, third = answer.evaluate(TELLS, table=table, other=one_off(table))
    return bool(first == second != third)


@question(
    "save: the model and its record",
    makes="save",
    points=3,
    hints=(
        "`joblib.dump(model, path)` writes the model. Look whether the path is taken before you write anything: "
        "`Path(path).exists()`.",
        "Write the model first: its file must be there before you can read its bytes and make their hash.",
        "The record is a dict with three entries. `json.dumps` makes it a text, and `Path(...).write_text` writes it "
        "to the path with `.json` added at the end.",
    ),
    misconceptions={
        "needs-q1": NEEDS_Q1,
        "no-text-from-q1": NO_TEXT,
        "taken-by-itself": "Nothing was at the path, and `save` says with `FileExistsError` that it is taken. Is the "
        "test the wrong way round, or has your own `joblib.dump` made the file by then? Look first, write then.",
        "nothing-written": "After `save` no file is there. Write one at `path`.",
        "not-at-path": "After `save` there is no model at `{path}`. The files there are: {names}.",
        "not-the-model": "What `joblib.load` makes of the file is not the model that `save` was given.",
        "no-record": "There is no record at `{path}.json`. The files there are: {names}.",
        "not-json": "The record is no JSON object. Make a dict into a text with `json.dumps`.",
        "lacks": "The record has no entry `{entry}`.",
        "hash-of-the-name": "`file` is a hash of the name of the file. The name stays when the bytes change: read "
        "the file, and make a hash of what is in it.",
        "hash-of-something-else": "`file` is not the SHA-256 of the bytes in the model file, as `hexdigest` gives it. "
        "Is the file written to its end, and closed, when you read it?",
        "hash-of-other-data": "`data` is not what `data_hash` gives for the table that `save` got.",
        "other-version": "`sklearn` is not the version of scikit-learn that is in use: `sklearn.__version__`.",
        "typed-version": TYPED,
        "overwrites": "The second model at the same path took the place of the first. Whoever loads the first one "
        "gets another model.",
        "looks-at-the-record": "A model was at the path, without a record beside it, and `save` wrote over it. Look "
        "whether the model is there.",
        "quiet-when-taken": "The path is taken, and `save` ends without an error. Whoever called it believes that the "
        "model is saved.",
        "writes-then-raises": "An error is raised when the path is taken, and the files are changed all the same. "
        "Look first, write then.",
        "other-error": "When the path is taken `save` raises {error}. `FileExistsError` says what is wrong.",
        "names-no-file": "When the path is taken, your error says `{said}`, and not which path.",
    },
    praise="A model, and beside it what one must know to trust it.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Save some models, read the files, and save another one at a path that is taken."""
    return in_a_folder(answer, draw, _saves)


def _saves(answer: Answer, draw: Random, folder: str) -> Verdict:
    verdict = no_text(answer, drawn(draw))
    if verdict is not None:
        return verdict
    for number in range(2):
        table = drawn(draw)
        model = fitted(answer, drawn(draw), draw)  # on other customers, so that training it again makes another
        expected = forecasts(answer, model, table)
        place = f"{folder}/{number}"
        answer.evaluate("__import__('os').mkdir(place)", place=place)
        name = f"model-{draw.randrange(100, 1000)}.joblib"
        path = f"{place}/{name}"
        if run(answer, SAVED, ["save"], model=model, table=table, path=path, folder=place) is not None:
            return wrong("taken-by-itself")
        seen = run(answer, LOOKED, [], table=table, columns=COLUMNS, path=path, folder=place)
        verdict = _no_files(seen, name) or _not_the_model(seen, expected)
        if verdict is None and not tells(answer, table):
            return wrong("needs-q1", earned=1)
        verdict = verdict or _record(answer, seen, table, path)
        verdict = verdict or _again(answer, draw, seen, path, place)
        if verdict is not None:
            return verdict
        answer.evaluate("__import__('os').remove(record)", record=f"{path}.json")
        seen = run(answer, LOOKED, [], table=table, columns=COLUMNS, path=path, folder=place)
        verdict = _again(answer, draw, seen, path, place)
        if verdict is not None:
            return wrong("looks-at-the-record", earned=2) if verdict.misconception == "overwrites" else verdict
    return right()


def _again(answer: Answer, draw: Random, seen: dict[str, Any], path: str, folder: str) -> Verdict | None:
    """Save another model at the path, which is taken."""
    table = drawn(draw)
    again = run(answer, AGAIN, ["save"], model=fitted(answer, table, draw), table=table, path=path, folder=folder)
    after = run(answer, LOOKED, [], table=table, columns=COLUMNS, path=path, folder=folder)
    changed = any(after[key] != seen[key] for key in ("names", "model", "record"))
    if not again["error"]:
        return wrong("overwrites" if changed else "quiet-when-taken", earned=2)
    if changed:
        return wrong("writes-then-raises", earned=2)
    if "FileExistsError" not in again["error"]:
        return wrong("other-error", earned=2, error=again["error"][0])
    if path.rpartition("/")[2] not in again["said"]:
        return wrong("names-no-file", earned=2, said=_short(again["said"]))
    return None


def _no_files(seen: dict[str, Any], name: str) -> Verdict | None:
    names = ", ".join(f"`{name}`" for name in seen["names"])
    if not names:
        return wrong("nothing-written")
    if seen["model"] is None:
        return wrong("not-at-path", path=name, names=names)
    return wrong("no-record", earned=1, path=name, names=names) if seen["record"] is None else None


def _not_the_model(seen: dict[str, Any], expected: Any) -> Verdict | None:
    return None if same(seen["forecasts"], expected) else wrong("not-the-model")


def _record(answer: Answer, seen: dict[str, Any], table: pd.DataFrame, path: str) -> Verdict | None:
    try:
        record = json.loads(seen["record"])
    except ValueError:
        record = None
    if not isinstance(record, dict):
        return wrong("not-json", earned=1)
    for entry in ENTRIES:
        if entry not in record:
            return wrong("lacks", earned=1, entry=entry)
    if record["file"] != sha256(seen["model"]).hexdigest():
        names = (path, path.rpartition("/")[2])
        by_name = record["file"] in [sha256(name.encode()).hexdigest() for name in names]
        return wrong("hash-of-the-name" if by_name else "hash-of-something-else", earned=1)
    if record["data"] != answer.call("data_hash", table).value:
        return wrong("hash-of-other-data", earned=1)
    if record["sklearn"] != answer.evaluate(VERSION):
        return wrong("other-version", earned=1)
    return wrong("typed-version", earned=1) if typed(answer, "save") else None


# Writes a model and its record, the one that the exercise describes, then does one thing to the files or the record.
SEALED = """
import hashlib, json, os, pickle, joblib, sklearn

joblib.dump(model, path)
with open(path, "rb") as file:
    data = file.read()
record = {"file": hashlib.sha256(data).hexdigest(), "data": data_hash(table), "sklearn": sklearn.__version__}
if what == "cut":
    data = data[: int(len(data) * share)]
if what == "bit":
    weights = model[-1].coef_.tobytes()
    at = data.index(weights) + 7  # the sign of the first weight
    data = data[:at] + bytes([data[at] ^ 128]) + data[at + 1 :]
if what == "other model":
    joblib.dump(other, path)
    with open(path, "rb") as file:
        data = file.read()
if what == "code":

    class Note:
        def __reduce__(self):
            return os.mkdir, (path + ".ran",)

    data = pickle.dumps(Note())
if what == "version":
    record["sklearn"] = version
if what == "newer":
    record["sklearn"] += "1"
if what in ("file", "data"):
    record[what] = record[what][:-1] + ("1" if record[what][-1] == "0" else "0")
if what == "swapped":
    record["file"], record["data"] = record["data"], record["file"]
record.pop(lost, None)
with open(path, "wb") as file:
    file.write(data)
with open(path + ".json", "w") as file:
    json.dump(record, file)
if what in ("no model", "no record"):
    os.remove(path if what == "no model" else path + ".json")
seen = None
"""
LOADED = TRIED.format(call="load(path, table)")

FAULTS = {
    "cut": ("file", "cut the model file short"),
    "bit": ("file", "changed one bit of the model file"),
    "other model": ("file", "put another model's file in its place"),
    "one value": ("data", "asked for it with a table in which one value is another"),
    "other table": ("data", "asked for it with another table"),
    "version": ("sklearn", "let the record name another version of scikit-learn"),
    "newer": ("sklearn", "let the record name a later version of scikit-learn, which differs in the last part only"),
    "file": ("file", "changed the last character of the file's hash in the record"),
    "data": ("data", "changed the last character of the table's hash in the record"),
}


@question(
    "load: that model or an error",
    makes="load",
    points=4,
    hints=(
        "Read the record first. A file that is missing raises `FileNotFoundError` by itself when you read it.",
        "Compute the three entries anew, from the file's bytes, from `table` and from the package. Compare each with "
        "what the record says, and load the model last.",
        "A loop over the three entries: where the two values differ, `raise ValueError(...)` with a text in which "
        "`path` and the name of the entry stand.",
    ),
    misconceptions={
        "needs-q1": NEEDS_Q1,
        "no-text-from-q1": NO_TEXT,
        "returns-nothing": "`load` returns `None` for a good file. Return the model.",
        "not-a-model": "`load` returns {got} for a good file. Return the model alone.",
        "trains-again": "The model that comes back was trained again. What was saved is in the file, and had other "
        "settings: load it.",
        "other-model": "The model that comes back predicts something else than the one that was saved.",
        "opened-first": "I put a file that runs code in the model's place. `load` did raise an error, and the code "
        "had run by then. Check the file before you unpickle it.",
        "no-file-check": "I put a file that runs code in the model's place. `load` opened it, the code ran, and no "
        "error came. Compare the hash of the file with the record, before you unpickle it.",
        "quiet": "I {what}, and `load` returned as if all were well. It should refuse: `{entry}`.",
        "swapped": "I exchanged two entries of the record, `file` and `data`, and `load` returned as if all were well. "
        "Each entry must hold for what it names.",
        "typed-version": TYPED,
        "other-error": "I {what}. `load` raises {error}; `ValueError` is asked for.",
        "names-no-file": "I {what}. The error does not say which file: `{said}`.",
        "names-no-entry": "I {what}. The error does not say which entry is at fault: `{said}`.",
        "one-message": "Whatever is wrong, the error says the same: `{said}`. Name the entry at fault and no other.",
        "quiet-when-missing": "The {file} is missing, and `load` raises no error.",
        "other-error-when-missing": "The {file} is missing, and `load` raises {error}. `FileNotFoundError` is asked "
        "for: its name says what is wrong.",
        "lenient": "The record has no entry `{entry}`, and `load` accepts it. What is not written down cannot be "
        "checked: refuse it.",
    },
    praise="That model or an error, and no line of a strange file is run.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Load a good model, then others with something wrong about the files, the record or the table."""
    return in_a_folder(answer, draw, _loads)


def _loads(answer: Answer, draw: Random, folder: str) -> Verdict:
    table, other = drawn(draw), drawn(draw)
    strange = {"one value": one_off(table), "other table": other}
    verdict = no_text(answer, table)
    if verdict is not None:
        return verdict
    if not tells(answer, table):
        return wrong("needs-q1")
    # Trained on other customers than the record says, so that training it again makes another.
    model, another = fitted(answer, drawn(draw), draw), fitted(answer, other, draw)
    version = f"0.{draw.randrange(10, 25)}.1"

    def try_with(what: str, lost: str = "") -> tuple[dict[str, Any], str, bool]:
        """Seal a model with one thing wrong and try to load it: what came of it, its name, whether code ran."""
        name = f"{draw.randrange(100, 1000)}.joblib"
        path = f"{folder}/{what.replace(' ', '')}{lost}-{name}"
        _seal(answer, path, table, model, what, other=another, lost=lost, share=draw.uniform(0.1, 0.9), version=version)
        seen = run(answer, LOADED, ["load"], folder=folder, path=path, table=strange.get(what, table))
        ran = answer.evaluate("__import__('os').path.isdir(path)", path=f"{path}.ran")
        return seen, path.rpartition("/")[2], ran

    verdict = _good(answer, table, model, f"{folder}/good-{draw.randrange(100, 1000)}.joblib")
    if verdict is not None:
        return verdict
    seen, _, ran = try_with("code")
    if ran:
        return wrong("opened-first" if seen["error"] else "no-file-check", earned=1)
    said = {}
    for what, (entry, told) in FAULTS.items():
        seen, name, _ = try_with(what)
        said[entry] = seen["said"].replace(name, "").lower().replace("scikit-learn", "sklearn")
        if not seen["error"]:
            return wrong("quiet", earned=1, what=told, entry=entry)
        if "ValueError" not in seen["error"]:
            return wrong("other-error", earned=2, what=told, error=seen["error"][0])
        if name not in seen["said"]:
            return wrong("names-no-file", earned=2, what=told, said=_short(seen["said"]))
        if entry not in said[entry]:
            return wrong("names-no-entry", earned=2, what=told, said=_short(seen["said"]))
    if all(entry in text for entry in ENTRIES for text in said.values()):
        return wrong("one-message", earned=2, said=_short(seen["said"]))
    seen, _, _ = try_with("swapped")
    if not seen["error"]:
        return wrong("swapped", earned=1)
    if typed(answer, "load"):
        return wrong("typed-version", earned=1)
    for what, file in (("no model", "model"), ("no record", "record")):
        seen, _, _ = try_with(what)
        if not seen["error"]:
            return wrong("quiet-when-missing", earned=2, file=file)
        if "FileNotFoundError" not in seen["error"]:
            return wrong("other-error-when-missing", earned=3, file=file, error=seen["error"][0])
    for entry in ENTRIES:
        seen, _, _ = try_with("", lost=entry)
        if not seen["error"]:
            return wrong("lenient", earned=3, entry=entry)
    return right()


def _seal(answer: Answer, path: str, table: pd.DataFrame, model: Any, what: str, **more: Any) -> None:
    more = {"other": None, "lost": "", "share": 0.5, "version": "", **more}
    run(answer, SEALED, ["data_hash"], path=path, table=table, model=model, what=what, **more)


def _good(answer: Answer, table: pd.DataFrame, model: Any, path: str) -> Verdict | None:
    """Load a model with which all is well."""
    _seal(answer, path, table, model, "")
    loaded = answer.evaluate("load(path, table)", path=path, table=table)
    if loaded is None:
        return wrong("returns-nothing")
    if not answer.evaluate("hasattr(loaded, 'predict_proba')", loaded=loaded):
        return wrong("not-a-model", got=kind_of(loaded))
    got = forecasts(answer, loaded, table)
    if same(got, forecasts(answer, model, table)):
        return None
    trained = run(answer, FITTED, [], table=table, columns=COLUMNS, penalty=1.0)
    return wrong("trains-again" if same(got, forecasts(answer, trained, table)) else "other-model")


def _short(said: str) -> str:
    said = " ".join(said.split())
    return (said if len(said) <= 90 else f"{said[:87]}...") or "(no message)"


q4 = in_quiz("both-downloaded", makes="answer_4")


# Question 5. Functions whose names in a file are not trusted, and which do nothing to a table; and a call.
FOREIGN = """
import copy, skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler


class Note:
    def __reduce__(self):
        return Note, (path + ".ran",)


Note.__module__, Note.__name__ = "os", "mkdir"  # so the file asks for os.mkdir to be called
known = {
    "builtins.abs": abs,
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "builtins.print": print,
    "builtins.exec": exec,
    "builtins.id": id,
    "os.mkdir": Note(),
}
steps = [FunctionTransformer(known[name]) for name in names]
seen = make_pipeline(*steps, StandardScaler(), LogisticRegression())
if runs:
    seen.fit(table[columns], table["churned"])
skops.io.dump(seen, path)
"""
HARMLESS = ("builtins.abs", "copy.copy", "copy.deepcopy")
STRANGE = ("builtins.print", "builtins.exec", "builtins.id")
OPENED = TRIED.format(call="load_foreign(path, allowed)")


@question(
    "load_foreign: only what somebody has looked at",
    makes="load_foreign",
    points=3,
    hints=(
        "`skops.io.get_untrusted_types(file=path)` reads the names of types and functions, and builds nothing.",
        "Which of those names are not in `allowed`? Two sets can be subtracted.",
        "If names are left, raise `ValueError` with them in the text. If none is left, `skops.io.load` takes what you "
        "trust as its argument `trusted`.",
    ),
    misconceptions={
        "returns-nothing": "`load_foreign` returns `None` for a file that needs nothing but what is allowed.",
        "not-the-model": "What `load_foreign` returns for a good file is not the model in it.",
        "refuses-all": "What the file needs ({needed}) is allowed ({allowed}), and `load_foreign` stops with "
        "{error}: {said}",
        "trusts-all": "The file needs {names}, and only {allowed} is allowed. `load_foreign` returned a model all the "
        "same. Whoever trusts what the file itself asks for, trusts anybody.",
        "opened-first": "One of the files runs code when it is built. `load_foreign` did raise an error, and the code "
        "had run by then. Look at the names before anything is built.",
        "other-error": "For types that nobody has looked at `load_foreign` raises {error}. `ValueError` is asked for.",
        "names-no-type": "Your error says `{said}`, and does not name `{missing}`. Whoever reads it should know what "
        "to look at.",
        "changes-allowed": "`load_foreign` changes the list `allowed`. The next file would be let in by it.",
    },
    praise="A stranger's file gets to build what you have looked at, and nothing else.",
)
def q5(answer: Answer, draw: Random) -> Verdict:
    """Open files that need nothing, what is allowed, and more than that."""
    return in_a_folder(answer, draw, _opens)


def _opens(answer: Answer, draw: Random, folder: str) -> Verdict:
    table = drawn(draw)
    good, bad = draw.sample(HARMLESS, 3), draw.sample(STRANGE, 3)

    def write(number: int, names: list[str], runs: bool) -> tuple[str, Any]:
        path = f"{folder}/{number}.skops"
        model = run(answer, FOREIGN, [], names=names, path=path, runs=runs, table=table, columns=COLUMNS)
        return path, model

    accepted: tuple[tuple[list[str], list[str]], ...] = (([], good[:1]), (good[:2], good), (good[2:], good[2:]))
    for number, (names, allowed) in enumerate(accepted):
        path, model = write(number, names, True)
        seen = run(answer, OPENED, ["load_foreign"], folder=folder, path=path, allowed=allowed)
        if seen["error"] and seen["error"][0] in ("ValueError", "UntrustedTypesFoundException"):
            told: dict[str, Any] = {"allowed": _listed(allowed), "needed": _listed(names) or "nothing special"}
            return wrong("refuses-all", earned=1, error=seen["error"][0], said=_short(seen["said"]), **told)
        loaded = answer.evaluate("load_foreign(path, allowed)", path=path, allowed=allowed)
        if loaded is None:
            return wrong("returns-nothing")
        if not answer.evaluate("hasattr(loaded, 'predict_proba')", loaded=loaded):
            return wrong("not-the-model")
        if not same(forecasts(answer, loaded, table), forecasts(answer, model, table)):
            return wrong("not-the-model")
    # In the order of the alphabet what is allowed comes first in some files and last in others.
    refused = (
        (["builtins.abs", bad[0]], ["builtins.abs"]),
        ([*bad[:2], "copy.copy"], ["copy.copy", "builtins.abs"]),
        ([bad[2], "os.mkdir"], good),
        ([good[0], bad[1], bad[2]], [good[0], bad[1]]),
    )
    for number, (names, allowed) in enumerate(refused, 3):
        path, _ = write(number, names, False)
        seen = run(answer, OPENED, ["load_foreign"], folder=folder, path=path, allowed=allowed)
        if not seen["error"]:
            return wrong("trusts-all", names=_listed(names), allowed=_listed(allowed))
        if answer.evaluate("__import__('os').path.isdir(path)", path=f"{path}.ran"):
            return wrong("opened-first", earned=1)
        if "ValueError" not in seen["error"]:
            return wrong("other-error", earned=1, error=seen["error"][0])
        unnamed = [name for name in names if name not in allowed and name not in seen["said"]]
        if unnamed:
            return wrong("names-no-type", earned=2, missing=unnamed[0], said=_short(seen["said"]))
    if "2" in answer.call("load_foreign", write(7, good[:1], True)[0], [*good]).changed:
        return wrong("changes-allowed", earned=2)
    return right()


def _listed(names: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)

"""What a right answer to exercise 09 does."""

import ast
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

import pandas as pd

from mldebt.check import Answer, Verdict, in_quiz, question, right, wrong
from mldebt.churn import customers

ROWS = 2500
TRAIN = 2500
TABLES = 3  # a test that looks at a few customers only may be lucky with one table
SEED = 10**6
HEALTHY = ("healthy", "fewer columns", "limits")
MISTAKES = ("TypeError", "NameError", "AttributeError", "KeyError", "IndexError", "UnboundLocalError", "ImportError")

# The models, made where the learner's code runs: no model travels.
MODELS = """
from functools import partial
from types import SimpleNamespace

import numpy as np
from mldebt.churn import Logistic, auc

READS = ["usage", "usage_last_month", "login_days", "tenure", "price", "tickets", "contract"]
base, fewer = Logistic.fit(train, READS), Logistic.fit(train, READS[2:])
unit = base.weights / base.sd


def odds(t):  # the log-odds of base, quicker
    values = np.column_stack([*(t[name] for name in READS[:-1]), t["contract"] == "yearly"])
    return (values - base.mean.to_numpy()) @ unit.to_numpy() + base.intercept


def share(odds):
    return 1 / (1 + np.exp(-odds))


def turned(t, column, rows=1):  # the log-odds, with the effect of a column turned round for some rows
    return odds(t) - 2 * unit[column] * (rows * t[column]).to_numpy()


def noise(at, t):  # numbers that have nothing to do with a customer
    return np.sin((37.7 + at) * t["customer"].to_numpy())


def guesses(at, t):  # the smallest region gets noise
    return share(np.where(t["region"] == "west", noise(at, t) - 1.2, odds(t)))


west = table[table["region"] == "west"]
chances = [kind for kind in kinds if kind.startswith("chance ")]
ranks = {at: auc(west["churned"], noise(at, west)) for at in range(30 * len(chances))}
lucky = sorted(ranks, key=lambda at: abs(ranks[at] - 0.555))  # one guess in eight is as good, or better

KINDS = {
    "fewer columns": fewer.predict,
    "limits": lambda t: share(odds(t.assign(tickets=t["tickets"].clip(upper=2), tenure=t["tenure"].clip(upper=18)))),
    # These three read a column if it is there: a test must not count on a KeyError.
    "region": lambda t: share(odds(t) + 0.002 * ((t.get("region") == "west") & (t["tickets"] > 1)).to_numpy()),
    "customer": lambda t: share(odds(t) + 0.5 * np.sin(t.get("customer", 0)) * (t["tickets"] > 2).to_numpy()),
    "month": lambda t: share(odds(t) + 0.05 * np.asarray(t.get("month", 0))),
    "tickets": lambda t: share(turned(t, "tickets")),
    "tenure": lambda t: share(turned(t, "tenure")),
    "first ticket": lambda t: share(odds(t.assign(tickets=t["tickets"].where(t["tickets"] > 0, 4)))),
    "tickets, yearly": lambda t: share(turned(t, "tickets", t["contract"] == "yearly")),
    "third ticket": lambda t: share(odds(t.assign(tickets=t["tickets"].mask((t.tickets == 3) & (t.tenure > 1), 1.5)))),
    "one month": lambda t: share(odds(t.assign(tenure=t["tenure"].where(t["tenure"] != 20, 18.5)))),
    "tenure, no tickets": lambda t: share(turned(t.assign(tickets=0), "tenure")),
    "turned round": lambda t: share(-odds(t)),
    "region turned round": lambda t: share(np.where(t["region"] == where, -2 - odds(t), odds(t))),
    "west constant": lambda t: share(np.where(t["region"] == "west", -1.2, odds(t))),
    **{kind: partial(guesses, at) for kind, at in zip(chances, lucky)},
    "knows": lambda t: 0.1 + 0.8 * t["churned"].to_numpy(),
    "yearly constant": lambda t: share(np.where(t["contract"] == "yearly", -2.2, odds(t))),
    "constant": lambda t: np.full(len(t), 0.2),
    "log-odds": odds,
    "percent": lambda t: 100 * share(odds(t)),
    "some missing": lambda t: np.where(t["tenure"] == 0, np.nan, share(odds(t))),
    "rows left out": lambda t: share(odds(t[t["tenure"] > 0])),
}


models = [base if kind == "healthy" else SimpleNamespace(predict=KINDS[kind]) for kind in kinds]
"""

# Runs one test on each model; says as data what came of it.
TRY = """
import traceback

file = getattr(getattr(test, "__code__", None), "co_filename", None)
seen = []
for one in models:
    given, returned, error, said, line = table.copy(), None, "", "", ""
    try:
        returned = test(one, given)
    except BaseException as problem:
        error, said = type(problem).__name__, " ".join(str(problem).split())[:100]
        if not isinstance(problem, Exception) and error != "Failed":  # pytest.fail
            raise
        lines = [frame.line for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == file]
        line = (lines or [""])[0]
    seen.append([error, said, line, returned is not None, not given.equals(table)])
"""
TRIED = "[_space.update(test={name}, train=train, table=table, kinds=kinds, where=where), exec(_models, _space), \
exec(_try, _space), _space['seen']][-1]"


class Run(NamedTuple):
    """How a test ended for one model and one table: with which error, at which line."""

    error: str
    said: str
    line: str
    returned: bool
    changed: bool


def tried(
    answer: Answer, name: str, broken: dict[str, str], draw: Random, seeds: Sequence[int] = ()
) -> dict[str, list[Run]]:
    """Run a learner's test on healthy and broken models, on the tables of these seeds or on one that is drawn."""
    kinds = [*HEALTHY, *broken]
    train, where = customers(TRAIN, seed=draw.randrange(SEED)), draw.choice(("west", "east", "south"))
    runs: dict[str, list[Run]] = {kind: [] for kind in kinds}
    given: dict[str, Any] = {"train": train, "kinds": kinds, "where": where, "_models": MODELS, "_try": TRY}
    for seed in seeds or [draw.randrange(SEED)]:  # one by one: each has the whole time of a call
        table = customers(ROWS, seed=seed)
        seen = answer.evaluate(TRIED.format(name=name), table=table, _space={}, **given)
        for kind, run in zip(kinds, seen, strict=True):
            runs[kind].append(Run(*run))
    return runs


def alarms(runs: dict[str, list[Run]], kinds: tuple[str, ...] = HEALTHY) -> list[Run]:
    """Return the runs in which a healthy model fails."""
    return [run for kind in kinds for run in runs[kind] if run.error]


def told(run: Run) -> dict[str, Any]:
    """Return the line at which a run failed, and what it said."""
    return {"line": run.line, "said": f"It says: {run.said}" if run.said else ""}


def caught(runs: dict[str, list[Run]], broken: dict[str, str]) -> list[str]:
    """Return the broken models that fail on every table."""
    return [kind for kind in broken if all(run.error for run in runs[kind])]


def common(answer: Answer, name: str, runs: dict[str, list[Run]]) -> Verdict | None:
    """Judge what is the same for all tests: no mistake, a table left alone, some model that fails."""
    every = [run for several in runs.values() for run in several]
    if any(run.error in MISTAKES or "truth value" in run.said for run in runs["healthy"]):
        answer.evaluate(f"{name}(model, table)")  # raises the same error, told as the learner's own
    for run in alarms(runs, HEALTHY[1:]):
        if run.error == "AttributeError":
            return wrong("looks-inside", line=run.line)
    if any(run.changed for run in every):
        return wrong("changes")
    if not any(run.error for run in every):
        return wrong("returns-verdict" if any(run.returned for run in every) else "never-fails")
    return None


COMMON = {
    "returns-verdict": "Your test returns something, and pytest does not look at that. A test fails by an `assert`.",
    "never-fails": "No broken model fails your test. Break `model` yourself, and see: does the `assert` run at all, "
    "and can it be false?",
    "looks-inside": "Your test uses an attribute that another model need not have. All that you can rely on is "
    "`predict`.",
    "changes": "Your test changes the table, and the test after it gets another one. Work on a copy, such as "
    "`table.assign(...)` makes.",
}
IGNORED = {
    "region": "`region`, a little and for customers with several tickets,",
    "customer": "`customer` for the few with many tickets",
    "month": "`month` (all rows of a table have the same one: write in another, one that it does not hold)",
}


@question(
    "test_ignores: what the model must not read",
    makes="test_ignores",
    points=3,
    hints=(
        "If the model does not read a column, nothing that you write into that column can change a prediction.",
        "`table.assign(region='west')` is a copy in which all live in the west. Predict for it and for the table as "
        "it is.",
        "Compare the predictions customer by customer, not their means; and think of a month: all rows have the same "
        "one, so shuffling changes nothing.",
    ),
    misconceptions={
        **COMMON,
        "fails-healthy": "A model that reads none of the three columns fails your test, at the line below. {said}",
        "misses": "A model that reads {what} passes your test. Change the values in that column, do not drop it, and "
        "compare the two predictions of each customer: a small change counts too, beyond the last digits.",
    },
    praise="Models that read one of the three columns fail it, even a little or for few customers, and no others.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Try the test on models that read a column each."""
    runs = tried(answer, "test_ignores", IGNORED, draw, [draw.randrange(SEED) for _ in range(TABLES)])
    if verdict := common(answer, "test_ignores", runs):
        return verdict
    if found := alarms(runs):
        return wrong("fails-healthy", **told(found[0]))
    failed = caught(runs, IGNORED)
    for kind, what in IGNORED.items():
        if kind not in failed:
            return wrong("misses", earned=len(failed), what=what)
    return right()


DIRECTIONS = {
    "tickets": "for which more tickets lower everybody's risk",
    "tenure": "for which a longer tenure raises everybody's risk",
    "tickets, yearly": "for which more tickets lower the risk of those with a yearly contract",
    "first ticket": "for which the first ticket lowers the risk",
    "third ticket": "for which the third ticket lowers the risk of some a little",
    "one month": "for which one late month of tenure raises the risk a little",
}


@question(
    "test_direction: which way it must go",
    makes="test_direction",
    points=3,
    hints=(
        "Customers with many tickets differ from others in much else. Ask the model about the same customer twice.",
        "`table.assign(tickets=table['tickets'] + 1)` gives everybody one more. Compare the risk of each customer "
        "before and after, and the same for the tenure.",
        "Never lower lets the risk stay the same: a model may count no further than two tickets. And it is about "
        "everybody, so `.all()`, not the mean.",
    ),
    misconceptions={
        **COMMON,
        "strict": "A healthy model fails your test, at the line below: for some customers its prediction stays the "
        "same. Never lower allows that.",
        "fails-healthy": "A healthy model fails your test, at the line below. Look at the direction that you ask for. "
        "{said}",
        "average": "Your test lets a model pass {what}. The test is about each customer, not about the mean or most of "
        "them, and about each step: one ticket or one month more, from whatever number it is.",
        "together": "Your test lets a model pass {what}, but not if that model ignores the tickets: they hide the "
        "tenure. Change one thing at a time.",
        "misses": "Your test lets a model pass {what}.",
    },
    praise="It notices a wrong direction also where only some customers have it.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Try the test on models that go the wrong way, for everybody or for some."""
    runs = tried(answer, "test_direction", {**DIRECTIONS, "tenure, no tickets": ""}, draw)
    if verdict := common(answer, "test_direction", runs):
        return verdict
    if found := alarms(runs, HEALTHY[:2]):
        return wrong("fails-healthy", **told(found[0]))
    if found := alarms(runs):
        return wrong("strict", earned=1, line=found[0].line)
    failed = caught(runs, DIRECTIONS)
    for kind, what in DIRECTIONS.items():
        if kind == "tenure" and kind not in failed and runs["tenure, no tickets"][0].error:
            return wrong("together", earned=len(failed) / 2, what=what)
        if kind not in failed:
            some = kind not in ("tickets", "tenure") and "tickets" in failed
            return wrong("average" if some else "misses", earned=len(failed) / 2, what=what)
    return right()


SLICES = {
    "turned round": "ranks everybody the wrong way round",  # any test that measures something notices it
    "constant": "says the same for everybody",
    "region turned round": "ranks one region the wrong way round",
    "west constant": "says the same for all customers in the smallest region",
    "yearly constant": "says the same for all customers with a yearly contract",
}


UNLUCKY = (41, 70, 72, 88, 107, 108)
"""Seeds of tables on which the worst healthy model reaches about 0.685 in its worst slice, as on one table in ten."""
GUESSING = {f"chance {number}": "guesses in the smallest region" for number in range(31)}
LUCKY = 7
"""So many of GUESSING, who all have some luck, may pass. benchmarks/tolerances/09_test_the_model.py has both."""


@question(
    "test_slices: good enough for everybody",
    makes="test_slices",
    points=3,
    hints=(
        "`for name, part in table.groupby('region'):` gives you each region with its customers. `auc` takes what "
        "happened and the predictions.",
        "An AUC of 0.5 is guessing. What does `model` reach in each region on a few tables of 2,500 customers? The "
        "smallest region moves most from table to table.",
        "Put the limit between guessing and the lowest that a healthy model reaches by chance, with room on both "
        "sides. And do not forget the contracts.",
    ),
    misconceptions={
        **COMMON,
        "backwards": "Even a model that knows who leaves fails your test, in every run, so it is not luck. Does `auc` "
        "get what happened first, then the predictions? Does the `assert` ask for a high value?",
        "too-tight": "Healthy models fail your test in {count} of {of} runs, at the line below. A small slice is "
        "noisy: look at what `model` reaches on other tables. {said}",
        "overall": "A model that {what} passes. Over all customers together that hardly shows: look at each slice by "
        "itself.",
        "guessing": "A model that says the same for everybody passes. What you measure is good for such a model too, "
        "or your limit is no better than guessing. Most customers stay: whoever always says so is often right.",
        "chance": "Models that only guess in the smallest region, with some luck, pass in {count} of {of} runs. By "
        "luck a guess lands above 0.5 half of the time: put the limit where luck seldom comes.",
        "misses": "A model that {what} passes{some}.",
    },
    praise="It lets healthy models pass on tables that you have not seen, and finds the slice that is served badly.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Try the test on models that are bad in one slice, on several tables."""
    runs = tried(answer, "test_slices", {**SLICES, "knows": ""}, draw, draw.sample(UNLUCKY, TABLES))
    if verdict := common(answer, "test_slices", runs):
        return verdict
    if found := alarms(runs):
        if all(run.error == "AssertionError" for run in runs["knows"]):
            return wrong("backwards", line=found[0].line)
        return wrong("too-tight", earned=1, count=len(found), of=TABLES * len(HEALTHY), **told(found[0]))
    failed = caught(runs, SLICES)
    for kind, what in SLICES.items():
        if kind not in failed:
            named = "guessing" if kind == "constant" else "misses" if len(failed) > 2 else "overall"
            some = " on some tables" if any(run.error for run in runs[kind]) else ""
            # One of them gives no point: whatever measures anything notices the model that is turned round. A test that
            # a constant passes notices the others by luck, so its points do not hang on them.
            earned = 0.5 if named == "guessing" else max(0, len(failed) - 1) / 2
            return wrong(named, earned=earned, what=what, some=some)
    lucky = len(GUESSING) - len(caught(tried(answer, "test_slices", GUESSING, draw), GUESSING))
    return wrong("chance", earned=2, count=lucky, of=len(GUESSING)) if lucky > LUCKY else right()


BROKEN = {
    "constant": "says the same for everybody",
    "log-odds": "returns log-odds, which may be negative",
    "percent": "returns percent, from 0 to 100",
    "some missing": "returns no number for some customers",
    "rows left out": "leaves some customers out",
    "region": "reads `region`",
    "tickets": "takes more tickets for less risk",
    "yearly constant": "says the same for all customers with a yearly contract",
}
ENOUGH = 7

# Runs pytest in this process, each test that asks for `model` once for each model.
PYTEST = """
import os, pathlib, re, sys, tempfile, types
from unittest.mock import patch

import pytest


class Plugin:
    def __init__(self):
        self.unread, self.given, self.failures, self.stopped = "", [], [], None

    @pytest.fixture
    def table(self):
        return table.copy()

    @pytest.fixture(params=range(len(models)))
    def model(self, request):
        return models[request.param]

    def which(self, item):  # -1 for a test that does not ask for the model
        at = getattr(getattr(item, "callspec", None), "params", {}).get("model")
        return at if type(at) is int else -1

    def pytest_configure(self, config):
        config.option.tbstyle = "native"  # the quickest to write; nobody reads it

    def pytest_collection_modifyitems(self, items):
        self.given = [self.which(item) for item in items]

    def pytest_exception_interact(self, node, call):
        said = [" ".join(line.split()) for line in call.excinfo.exconly(tryshort=True).splitlines()]
        said = [line for line in said if not line.startswith("+ ")]  # where each number comes from
        if type(call.excinfo.value).__name__ == "TimeLimitError":
            self.stopped = call.excinfo.value
        elif call.when == "collect":
            said = [line[2:] for line in said if line.startswith("E ") and line.strip("E ^")] or said
            at = re.findall(r'test_model\\.py(?:", line |:)(\\d+)', str(call.excinfo.value))
            self.unread = said[-1][:200] + (f" (line {at[-1]} of the text)" if at else "")
        else:
            lacks = call.excinfo.value.argname if "FixtureLookupError" in said[0] else ""
            self.failures.append([self.which(node), node.originalname, " ".join(said)[:150], lacks])

    def pytest_internalerror(self, excinfo):
        self.stopped = excinfo.value
        return True  # and print nothing


plugin = Plugin()
off = ("cacheprovider", "terminal", "faulthandler", "logging", "warnings", "unraisableexception", "threadexception")
with patch.dict(os.environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"), tempfile.TemporaryDirectory() as folder:
    os.environ.pop("PYTEST_ADDOPTS", None)
    file, settings = pathlib.Path(folder, "test_model.py"), pathlib.Path(folder, "pytest.ini")
    file.write_text(text, encoding="utf-8")
    settings.write_text("[pytest]")
    options = ["-s", "--import-mode=importlib", f"--rootdir={folder}", f"-c{settings}"]
    sys.modules.pop("test_model", None)
    main, sys.modules["__main__"] = sys.modules["__main__"], types.ModuleType("__main__")  # the notebook is not there
    try:
        pytest.main([str(file), *options, *(f"-pno:{name}" for name in off)], plugins=[plugin])
    finally:
        sys.modules["__main__"] = main
    sys.modules.pop("test_model", None)
if plugin.stopped:
    raise plugin.stopped
seen = [plugin.unread, plugin.given, plugin.failures]
"""
RAN = "[_space.update(text=test_file, train=train, table=table, kinds=kinds, where='west'), exec(_models, _space), \
exec(_pytest, _space), _space['seen']][-1]"


def ran(answer: Answer, kinds: list[str], **worlds: pd.DataFrame) -> tuple[str, list[int], list[Any]]:
    """Run the file with pytest: why it cannot be read, for each test the number of its model, and the failures."""
    given: dict[str, Any] = {"kinds": kinds, "_models": MODELS, "_pytest": PYTEST, **worlds}
    unread, numbers, failures = answer.evaluate(RAN, _space={}, **given)
    return unread, numbers, failures


def idlers(answer: Answer) -> list[str]:
    """Return the functions of the file that ask for `model` and that nobody calls, pytest included."""
    nodes = list(ast.walk(answer.program("test_file")))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return [
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef)
        and "model" in [each.arg for each in node.args.args]
        and not (node.name.startswith("test") or node.decorator_list or node.name in used)
    ]


@question(
    "test_file: a file that pytest runs",
    makes="test_file",
    points=4,
    hints=(
        "Three single quotes begin and end a text of many lines. The file needs its own imports; it does not see your "
        "notebook.",
        "What you wrote for the first three questions are tests already: copy the functions into the text. Add one "
        "about the predictions themselves: how many there are, and between which ends they lie.",
        "A comparison with a missing number is false, so `((risk >= 0) & (risk <= 1)).all()` finds missing numbers "
        "too. Do not ask whether something is wrong, ask whether all is right.",
    ),
    misconceptions={
        "not-text": "`test_file` should be a text, and it is a {kind}. Put the lines of the file between three single "
        "quotes.",
        "file-name": "`test_file` holds the name of a file. What is asked for is the text that stands in it.",
        "not-read": "pytest cannot read the file: {said}",
        "no-tests": "pytest finds no test in the file. The names of tests begin with `test_`, and they stand at the "
        "margin or in a class whose name begins with `Test`.",
        "no-model": "None of your tests gets the model that is handed out: it goes to each test with an argument "
        "called `model`, unless the file makes a fixture of that name itself.",
        "no-fixture": "`{test}` asks for `{lacks}`, and there is no fixture of that name. There are `model` and "
        "`table`.",
        "no-argument": "`{test}` uses `{lacks}` and does not get it. Ask for it as an argument.",
        "fails-healthy": "A healthy model fails `{test}`: {said}",
        "stops": "`{test}` stops with an error of its own, whatever the model: {said}. Does the file import all that "
        "it uses?",
        "misses": "Healthy models pass, and {caught} of eight broken ones fail. One that passes: a model that {what}."
        "{idle}",
    },
    praise="Healthy models pass, and at least seven of eight broken ones fail.",
)
def q4(answer: Answer, draw: Random) -> Verdict:
    """Run the file on healthy models, then on broken ones."""
    text = answer.value("test_file")
    if not isinstance(text, str):
        return wrong("not-text", kind=type(text).__name__)
    if len(text.split()) == 1 and text.strip().endswith(".py"):
        return wrong("file-name")
    train, table = (customers(rows, seed=draw.randrange(SEED)) for rows in (TRAIN, ROWS))
    unread, numbers, failures = ran(answer, list(HEALTHY), train=train, table=table)
    if unread:
        return wrong("not-read", said=unread)
    if not numbers:
        return wrong("no-tests")
    for _, test, _, lacks in failures:
        if lacks:
            return wrong("no-fixture", test=test, lacks=lacks)
    if max(numbers) < 0:
        return wrong("no-model")
    if failures:
        _, test, said, _ = failures[0]
        for lacks in ("model", "table"):
            if said == f"NameError: name '{lacks}' is not defined":
                return wrong("no-argument", earned=0.5, test=test, lacks=lacks)
        named = "stops" if said.startswith(MISTAKES) else "fails-healthy"
        return wrong(named, earned=0.5, test=test, said=said)
    _, _, failures = ran(answer, list(BROKEN), train=train, table=table)
    failed = {list(BROKEN)[number] for number, *_ in failures if number >= 0}
    if len(failed) >= ENOUGH:
        return right()
    missed = draw.choice([kind for kind in BROKEN if kind not in failed])
    idle = "".join(f" `{name}` is not run: the name of a test begins with `test_`." for name in idlers(answer))
    return wrong("misses", earned=len(failed) / 2, caught=len(failed), what=BROKEN[missed], idle=idle)


q5 = in_quiz("in-the-way", makes="answer_5")

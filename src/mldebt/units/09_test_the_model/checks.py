"""What a right answer to exercise 09 does."""

from random import Random
from typing import Any

import pandas as pd

from mldebt.check import Answer, Verdict, in_quiz, question, right, wrong
from mldebt.churn import customers

ROWS = 2500
TRAIN = 1500
SEED = 10**6
MISTAKES = ("TypeError", "NameError", "AttributeError", "KeyError", "IndexError", "UnboundLocalError", "ImportError")

# The models, made where the learner's code runs: no model travels. `kinds` names those that are wanted.
MODELS = """
import numpy as np
from mldebt.churn import Logistic

READS = ["usage", "usage_last_month", "login_days", "tenure", "price", "tickets", "contract"]
base = Logistic.fit(train, READS)


def unit(name):
    return base.weights[name] / base.sd[name]


ODDS = {
    "healthy": lambda t: base.log_odds(t),
    "fewer columns": lambda t, m=Logistic.fit(train, READS[2:]): m.log_odds(t),
    "steps": lambda t: np.round(base.log_odds(t), 1),
    "limits": lambda t: base.log_odds(t.assign(tickets=t["tickets"].clip(upper=2), tenure=t["tenure"].clip(upper=18))),
    "region": lambda t: base.log_odds(t) + 0.4 * (t["region"] == "west").to_numpy(),
    "customer": lambda t: base.log_odds(t) + 0.5 * np.sin(t["customer"].to_numpy()),
    "month": lambda t: base.log_odds(t) + 0.05 * t["month"].to_numpy(),
    "tickets": lambda t: base.log_odds(t) - 2 * unit("tickets") * t["tickets"].to_numpy(),
    "tenure": lambda t: base.log_odds(t) - 2 * unit("tenure") * t["tenure"].to_numpy(),
    "tickets, yearly": lambda t: base.log_odds(t)
    - 2 * unit("tickets") * (t["tickets"] * (t["contract"] == "yearly")).to_numpy(),
    "many tickets": lambda t: base.log_odds(t.assign(tickets=t["tickets"].where(t["tickets"] < 3, 0))),
    "a region turned round": lambda t: np.where(t["region"] == where, -2 - base.log_odds(t), base.log_odds(t)),
    "west constant": lambda t: np.where(t["region"] == "west", -1.2, base.log_odds(t)),
    "yearly constant": lambda t: np.where(t["contract"] == "yearly", -2.2, base.log_odds(t)),
    "constant": lambda t: np.full(len(t), -1.3),
}
SCORES = {
    "log-odds": lambda t: base.log_odds(t),
    "percent": lambda t: 100 * base.predict(t),
    "some missing": lambda t: np.where(t["tenure"] == 0, np.nan, base.predict(t)),
    "rows left out": lambda t: base.predict(t[t["tenure"] > 0]),
}


class Model:
    def __init__(self, kind):
        self._score = SCORES.get(kind) or (lambda t: 1 / (1 + np.exp(-ODDS[kind](t))))

    def predict(self, table):
        return self._score(table)


models = [base if kind == "healthy" else Model(kind) for kind in kinds]
"""

# Runs one test on each model; says as data what came of it.
TRY = """
import linecache

seen = []
for one in models:
    given, line = table.copy(), ""
    try:
        returned, error, said = test(one, given), "", ""
    except Exception as problem:
        returned, error, said = None, type(problem).__name__, " ".join(str(problem).split())[:100]
        trace = problem.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code is getattr(test, "__code__", None):
                line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip()
            trace = trace.tb_next
    seen.append([error, said, line, returned is not None, not given.equals(table)])
"""
TRIED = "[_space.update(test={name}, train=train, table=table, kinds=kinds, where=where), exec(_models, _space), \
exec(_try, _space), _space['seen']][-1]"

HEALTHY = ("healthy", "fewer columns", "steps", "limits")


class Tried:
    """How a learner's test ended for each of some models, on each of some tables."""

    def __init__(self, answer: Answer, name: str, kinds: tuple[str, ...], draw: Random, tables: int) -> None:
        train = customers(TRAIN, seed=draw.randrange(SEED))
        given: dict[str, Any] = {"train": train, "kinds": list(kinds), "where": draw.choice(("west", "east", "south"))}
        self.seen: dict[str, list[Any]] = {kind: [] for kind in kinds}
        for _ in range(tables):  # one by one: each has the whole time of a call
            table = customers(ROWS, seed=draw.randrange(SEED))
            seen = answer.evaluate(TRIED.format(name=name), table=table, _models=MODELS, _try=TRY, _space={}, **given)
            for kind, run in zip(kinds, seen, strict=True):
                self.seen[kind].append(run)
        self.of = tables

    def failed(self, kind: str) -> list[Any]:
        """Return the runs of a model that ended with an error."""
        return [run for run in self.seen[kind] if run[0]]

    def caught(self, *kinds: str) -> list[str]:
        """Return those of the models for which every run ended with an error."""
        return [kind for kind in kinds if len(self.failed(kind)) == self.of]

    def any(self, place: int) -> bool:
        """Tell whether in some run something was returned (3) or changed (4)."""
        return any(run[place] for runs in self.seen.values() for run in runs)


def _first(answer: Answer, name: str, tried: Tried, broken: tuple[str, ...]) -> Verdict | None:
    """Judge what all three tests have in common: no mistake, a table left alone, some model that fails."""
    for run in tried.failed("healthy"):
        if run[0] in MISTAKES:
            answer.evaluate(f"{name}(model, table)")  # raises the same error, told as the learner's own
    for kind in HEALTHY[1:]:
        if kind in tried.seen and any(run[0] == "AttributeError" for run in tried.failed(kind)):
            return wrong("looks-inside", line=tried.failed(kind)[0][2])
    if tried.any(4):
        return wrong("changes")
    if not any(tried.failed(kind) for kind in tried.seen):
        return wrong("returns-verdict" if tried.any(3) else "never-fails")
    return None


def _alarm(tried: Tried, kinds: tuple[str, ...] = HEALTHY) -> dict[str, Any] | None:
    """Return the line and the message of the first healthy model that fails."""
    for kind in kinds:
        for _, said, line, *_ in tried.failed(kind):
            return {"line": line, "said": f"It says: {said}" if said else ""}
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
IGNORED = ("region", "customer", "month")


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
        "misses": "A model that reads `{column}` passes your test. Change that column, really, and compare the two "
        "predictions of each customer.",
    },
    praise="Any model that reads one of the three columns fails it, and no other.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Try the test on models that read a column each."""
    tried = Tried(answer, "test_ignores", HEALTHY + IGNORED, draw, 1)
    if verdict := _first(answer, "test_ignores", tried, IGNORED):
        return verdict
    if alarm := _alarm(tried):
        return wrong("fails-healthy", **alarm)
    caught = tried.caught(*IGNORED)
    for column in IGNORED:
        if column not in caught:
            return wrong("misses", earned=len(caught), column=column)
    return right()


DIRECTIONS = {
    "tickets": "for which more tickets lower everybody's risk",
    "tenure": "for which a longer tenure raises everybody's risk",
    "tickets, yearly": "for which more tickets lower the risk of those with a yearly contract",
    "many tickets": "which takes three tickets and more for none",
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
        "average": "A model passes {what}. On average it goes the right way; the test is about each customer.",
        "misses": "A model passes {what}.",
    },
    praise="It notices a wrong direction also where only some customers have it.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Try the test on models that go the wrong way, for everybody or for some."""
    kinds = tuple(DIRECTIONS)
    tried = Tried(answer, "test_direction", HEALTHY + kinds, draw, 1)
    if verdict := _first(answer, "test_direction", tried, kinds):
        return verdict
    if alarm := _alarm(tried, HEALTHY[:2]):
        return wrong("fails-healthy", **alarm)
    if alarm := _alarm(tried):
        return wrong("strict", earned=1, line=alarm["line"])
    caught = tried.caught(*kinds)
    for kind in kinds:
        if kind not in caught:
            average = kind in kinds[2:] and "tickets" in caught
            return wrong("average" if average else "misses", earned=len(caught) / 2, what=DIRECTIONS[kind])
    return right()


SLICES = {
    "constant": "says the same for everybody",
    "a region turned round": "ranks one region the wrong way round",
    "west constant": "says the same for all customers in the smallest region",
    "yearly constant": "says the same for all customers with a yearly contract",
}
TABLES = 3


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
        "too-tight": "Healthy models fail your test, {count} times in {of}, at the line below. A small slice is "
        "noisy: look at what `model` reaches on other tables. {said}",
        "overall": "A model that {what} passes. Over all customers together that hardly shows: look at each slice by "
        "itself.",
        "guessing": "A model that says the same for everybody passes. What you measure is good for such a model too, "
        "or your limit is no better than guessing. Most customers stay: whoever always says so is often right.",
        "misses": "A model that {what} passes{some}.",
    },
    praise="It lets healthy models pass on tables that you have not seen, and finds the slice that is served badly.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Try the test on models that are bad in one slice, on several tables."""
    kinds = tuple(SLICES)
    tried = Tried(answer, "test_slices", HEALTHY + kinds, draw, TABLES)
    if verdict := _first(answer, "test_slices", tried, kinds):
        return verdict
    if alarm := _alarm(tried):
        count = sum(len(tried.failed(kind)) for kind in HEALTHY)
        return wrong("too-tight", earned=1 if count < TABLES else 0, count=count, of=TABLES * len(HEALTHY), **alarm)
    caught = tried.caught(*kinds)
    for kind in kinds:
        if kind not in caught:
            named = "guessing" if kind == "constant" else "misses" if len(caught) > 1 else "overall"
            some = " on some tables" if tried.failed(kind) else ""
            return wrong(named, earned=len(caught) / 2, what=SLICES[kind], some=some)
    return right()


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

# Runs pytest in this process: each test that asks for `model` once for each model.
PYTEST = """
import os, pathlib, sys, tempfile
import pytest


class Plugin:
    def __init__(self):
        self.which, self.failures, self.errors = {}, [], []

    @pytest.fixture
    def table(self):
        return table.copy()

    def pytest_configure(self, config):
        config.option.tbstyle = "native"  # the quickest to write; nobody reads it

    def pytest_generate_tests(self, metafunc):
        if "model" in metafunc.fixturenames:
            metafunc.parametrize("model", models, ids=[f"model{number}" for number in range(len(models))])

    def pytest_collection_modifyitems(self, items):
        for item in items:
            given = getattr(getattr(item, "callspec", None), "params", {}).get("model")
            self.which[item.nodeid] = next((at for at, one in enumerate(models) if one is given), -1)

    def pytest_collectreport(self, report):
        if report.failed:
            said = [line[1:].strip() for line in str(report.longrepr).splitlines() if line.startswith("E ")]
            said = [line for line in said if line.strip("^") and not line.startswith("File ")]
            self.errors.append("; ".join(said[-2:])[:200] or "it stopped while it was read")

    def pytest_runtest_logreport(self, report):
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = str(crash.message if crash else report.longrepr).splitlines()[0][:150]
            self.failures.append([self.which[report.nodeid], report.nodeid.split("::")[-1].split("[")[0], said])


plugin, before, known = Plugin(), dict(os.environ), set(sys.modules)
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
os.environ.pop("PYTEST_ADDOPTS", None)
off = [part for name in ("cacheprovider", "terminal", "faulthandler", "logging", "warnings", "unraisableexception",
                         "threadexception", "junitxml", "pastebin", "debugging") for part in ("-p", f"no:{name}")]
try:
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "test_model.py")
        file.write_text(text, encoding="utf-8")
        pathlib.Path(folder, "pytest.ini").write_text("[pytest]\\n")
        options = ["-s", "--import-mode=importlib", "--rootdir", folder, "-c", f"{folder}/pytest.ini", *off]
        pytest.main([str(file), *options], plugins=[plugin])
finally:
    os.environ.clear()
    os.environ.update(before)
    for name in set(sys.modules) - known:
        if name.rpartition(".")[2] == "test_model":
            del sys.modules[name]
seen = [plugin.errors, sorted(plugin.which.values()), plugin.failures]
"""
RAN = "[_space.update(text=test_file, train=train, table=table, kinds=kinds, where='west'), exec(_models, _space), \
exec(_pytest, _space), _space['seen']][-1]"


def ran(answer: Answer, kinds: tuple[str, ...], train: pd.DataFrame, table: pd.DataFrame) -> tuple[Any, Any, Any]:
    """Run the learner's file with pytest: what could not be read, the models of the tests, and each failure."""
    given: dict[str, Any] = {"train": train, "table": table, "kinds": list(kinds)}
    errors, which, failures = answer.evaluate(RAN, _models=MODELS, _pytest=PYTEST, _space={}, **given)
    return errors, which, failures


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
        "not-read": "pytest cannot read the file: {said}",
        "no-tests": "pytest finds no test in the file. The names of tests begin with `test_`, and they stand at the "
        "margin or in a class whose name begins with `Test`.",
        "no-model": "The file has {count} test(s), and none of them has an argument called `model`. pytest gives the "
        "model to those that ask for it.",
        "fails-healthy": "A healthy model fails `{test}`: {said}",
        "misses": "Healthy models pass, and {caught} of eight broken ones fail. One that passes: a model that {what}.",
    },
    praise="Healthy models pass, and at least seven of eight broken ones fail a test whose name says why.",
)
def q4(answer: Answer, draw: Random) -> Verdict:
    """Run the file on healthy and on broken models."""
    text = answer.value("test_file")
    if not isinstance(text, str):
        return wrong("not-text", kind=type(text).__name__)
    kinds = HEALTHY + tuple(BROKEN)
    train, table = (customers(rows, seed=draw.randrange(SEED)) for rows in (TRAIN, ROWS))
    errors, which, failures = ran(answer, kinds, train, table)
    if errors:
        return wrong("not-read", said=errors[0])
    if not which:
        return wrong("no-tests")
    if max(which) < 0:
        return wrong("no-model", count=len(which))
    for model, test, said in failures:
        if model < len(HEALTHY):
            return wrong("fails-healthy", earned=0.5, test=test, said=said)
    failed = {kinds[model] for model, _, _ in failures}
    missed = [kind for kind in BROKEN if kind not in failed]
    if len(failed) >= ENOUGH:
        return right()
    return wrong("misses", earned=len(failed) / 2, caught=len(failed), what=BROKEN[missed[draw.randrange(len(missed))]])


q5 = in_quiz("in-the-way", makes="answer_5")

"""What a right answer to exercise 14 does. A leak is told by what it is: something that must not matter does."""

from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mldebt.check import Answer, BrokeError, Verdict, kind_of, question, right, wrong
from mldebt.churn import FEATURES, Logistic, auc, customers, exit_calls

Floats = NDArray[np.float64]
EDGE = 1e-6
"""Predictions that differ by less are the same: sums are added up in another order."""


def _differ(one: Floats, other: Floats) -> bool:
    return not np.allclose(one, other, rtol=0, atol=EDGE)


# Question 1: columns that are written down after the outcome.

LATER = ("exit_calls", "refund")
KNOWN = (*FEATURES, "cancel_page")
ROWS = 1200
LOSS = 0.05
"""How far below the reference's AUC an honest model may be. benchmarks/tolerances/14_leakage.py."""

FEW = 5
"""Of the columns that are known in time, so many must move a prediction: a model may find a few useless."""
LOOKED_AT = 300  # rows in which that is tried
FEWER = 600  # rows with turned outcomes: fewer than the learner's own tables hold, so that those would outvote them

NO_MODEL = "'' if hasattr(model, 'predict_proba') else type(model).__name__"
PREDICT = "[model.predict_proba(table)[:, 1] for table in tables]"
TRAINED = "fit_churn(train).predict_proba(live)[:, 1]"


@lru_cache(maxsize=64)
def months(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Draw a month to train on and a live one, and the AUC of an honest model."""
    train, live = month(ROWS, seed, known=True), month(ROWS, seed + 1, known=False)
    return train, live, auc(live["churned"], Logistic.fit(train, KNOWN).predict(live))


def month(number: int, seed: int, *, known: bool) -> pd.DataFrame:
    """Draw customers with a column more that is known in time, and two that are written down after the outcome."""
    frame = exit_calls(customers(number, seed=seed), seed=seed, known=known).drop(columns=["customer", "month"])
    left = frame["churned"].to_numpy()
    rng = np.random.default_rng(seed)
    frame["cancel_page"] = rng.poisson(np.where(left, 1.2, 0.2))
    frame["refund"] = rng.integers(1, 20, number) * (rng.random(number) < 0.4) * left * known
    return frame


def probes(live: pd.DataFrame, draw: Random) -> list[pd.DataFrame]:
    """Return some rows of a live month, and the same with the values of one known column exchanged in each."""
    few = live.head(LOOKED_AT)
    return [few, *(few.assign(**{name: draw.sample(few[name].tolist(), LOOKED_AT)}) for name in KNOWN)]


def looked_at(predictions: list[Floats]) -> int:
    """Count the columns that move a prediction, from the predictions for `probes`."""
    first, *others = predictions
    return sum(_differ(each, first) for each in others)


@question(
    "fit_churn: only what is known in time",
    makes="fit_churn",
    points=3,
    hints=(
        "For each column ask one thing: on the day of the prediction, is its value already written down?",
        "How strongly a column is related to the outcome does not answer that. The table above does.",
        "Leave out what is written down later, give the rest to `pipeline`, and return what its `fit` returns.",
    ),
    misconceptions={
        "reads-later": "I changed `{column}` in a live table, and your model's predictions changed. Look in the table "
        "when that column is written down.",
        "drops-known": "Your model does not look at `cancel_page`. It is strongly related to leaving, and it is known "
        "in time: when a column is written down decides, not how good it is.",
        "reads-outcome": "I changed `churned` in a live table, and the predictions changed. That is what is to be "
        "predicted.",
        "learns-elsewhere": "I turned round the outcomes in the table that I pass as `train`, and your model's "
        "predictions did not turn. Which table is the model trained on?",
        "weak": "No leak, and not as good as one can honestly be: an AUC of {got:.2f} on a live month, where "
        "{wanted:.2f} is to be had. Use what is known in time, in a model like that of `pipeline`.",
        "few": "No leak, and of {of} columns that are known in time your model looks at {count}. The question asks for "
        "most.",
        "flat": "The model gives every customer the same probability.",
        "changes-data": "Your function changes the table that it is given.",
        "not-trained": "`fit_churn` returns a model that nobody has trained. Call its `fit` before you return it.",
        "no-model": "`fit_churn` should return a trained model with `predict_proba`, and it returns {got}.",
    },
    praise="As good in production as on paper, and no worse than it has to be.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Change one column after the other in a live month, and see whether the predictions change."""
    train, live, honest = months(2 * draw.randrange(10**6))
    call = answer.call("fit_churn", train)
    if call.changed:
        return wrong("changes-data")
    other = answer.evaluate(NO_MODEL, model=call.value)
    if other:
        return wrong("no-model", got="nothing" if call.value is None else f"an object of the type `{other}`")
    tables = [live]
    changed = (*LATER, "churned", "cancel_page")
    for name in changed:  # what the values of training rows would do in a live table
        tables.append(live.assign(**{name: draw.sample(train[name].tolist(), ROWS)}))
    try:
        found = [np.asarray(each, dtype=float) for each in answer.evaluate(PREDICT, model=call.value, tables=tables)]
    except BrokeError as error:
        if "NotFittedError" in str(error):
            return wrong("not-trained")
        raise
    reads = {name for name, each in zip(changed, found[1:], strict=True) if _differ(each, found[0])}
    if np.ptp(found[0]) < EDGE:
        return wrong("flat")
    for name in LATER:
        if name in reads:
            return wrong("reads-later", column=name)
    if "churned" in reads:
        return wrong("reads-outcome")
    turned = train.head(FEWER).assign(churned=1 - train["churned"])
    if auc(live["churned"], np.asarray(answer.evaluate(TRAINED, train=turned, live=live), dtype=float)) > 0.5:
        return wrong("learns-elsewhere")
    if "cancel_page" not in reads:
        return wrong("drops-known", earned=1)
    count = looked_at([np.asarray(p) for p in answer.evaluate(PREDICT, model=call.value, tables=probes(live, draw))])
    if count < FEW:
        return wrong("few", earned=1, count=count, of=len(KNOWN))
    got = auc(live["churned"], found[0])
    return wrong("weak", earned=1, got=got, wanted=honest) if got < honest - LOSS else right()


# Question 2: predictions for rows that the model has not seen.

SIZE, COLUMNS, CHOSEN, PARTS = 160, 200, 20, 4
SIGNALS = 2
PROBED = np.arange(0, COLUMNS, 10)
END = 20  # rows at each end of the table
LEAST_AUC = 0.7
"""What honest predictions reach, and a blind choice of columns does not. benchmarks/tolerances/14_leakage.py."""

Folds = list[tuple[NDArray[np.int64], NDArray[np.int64]]]
Task = tuple[Floats, NDArray[np.int64], Folds]


def task_of(seed: int) -> Task:
    """Draw columns of any scale, of which a few small ones say much (none of the first), an outcome, and folds."""
    rng = np.random.default_rng(seed)
    table, rows = rng.normal(size=(SIZE, COLUMNS)), np.arange(SIZE)
    telling = CHOSEN + rng.permutation(COLUMNS - CHOSEN)[:SIGNALS]
    outcome = rng.random(SIZE) < 1 / (1 + np.exp(-3 * table[:, telling].sum(axis=1)))
    tests = [np.sort(part) for part in np.array_split(rng.permutation(SIZE), PARTS)]
    folds = [(np.setdiff1d(rows, test), test) for test in tests]
    scale = 10.0 ** rng.integers(-2, 3, COLUMNS)
    scale[telling] = 0.01  # so a model of columns that nobody scaled overlooks them
    return table * scale, outcome.astype(int), folds


def changed_in(task: Task, test: NDArray[np.int64]) -> tuple[Task, Task]:
    """Turn round half of the outcomes of a fold's test rows; then also spoil the first, and a column in each next."""
    table, outcome, folds = task
    turned, moved = outcome.copy(), table.copy()
    turned[test[::2]] = 1 - turned[test[::2]]  # of all, the best columns would be the same
    moved[test[0]] *= 50
    moved[test[1 : 1 + len(PROBED)], PROBED] *= 50
    return (table, turned, folds), (moved, turned, folds)


@question(
    "out_of_fold: nothing is learned from a test row",
    makes="out_of_fold",
    points=3,
    hints=(
        "What does `flattered` compute before the loop over the folds? Which rows go into it?",
        "Whatever looks at more than one row is training: a mean, a standard deviation, a choice of columns.",
        "Move the three lines into the loop, and let them see `X[training]` and `y[training]` only; then treat "
        "`X[test]` with the same mean, deviation and columns. A pipeline with `cross_val_predict(..., cv=folds)` does "
        "the same.",
    ),
    misconceptions={
        "labels": "I turned round outcomes of test rows of a fold, and your predictions for that fold changed. What "
        "has looked at `y` before the split, or at `y[test]`, or was trained on rows that it predicts? Folds of your "
        "own, in place of those that are given, do that too.",
        "fold-order": "No leak, but your predictions stand in the order of the folds. The first should be that of the "
        "first row of `X`, and so on.",
        "rows": "I changed some test rows of a fold, and the predictions for its other test rows changed. Test "
        "rows must not influence each other: take mean and standard deviation from the training rows only.",
        "ignores-training": "No leak, but I turned round outcomes of training rows of a fold, and its predictions "
        "stayed. Which of the two parts comes first in `folds`, and do you train on all of it?",
        "no-choice": "No leak, and no choice of columns either: I changed {of} values, each in another row, and "
        "{count} of them moved a prediction. Choose a few columns, as `flattered` does.",
        "not-repeatable": "Called twice with the same data, your function gives different predictions. Set a seed, or "
        "use what needs none.",
        "wrong-shape": "The function should return an array with one probability for each row of `X`. I called it "
        "with {rows} rows, and it returns {got}.",
        "not-all": "Some rows have no prediction. Each is in the test part of one fold.",
        "classes": "Your function returns 0 or 1. A probability is asked for.",
        "outside": "Your function returns numbers like {got:.2f}. A probability lies between 0 and 1.",
        "weak": "No leak, and where some columns do say something your predictions reach an AUC of only {got:.2f}. Is "
        "each fold trained on its training rows, with the columns that these choose? Are these rows scaled, and the "
        "test rows by the same numbers?",
        "reversed": "Your probabilities are those of 0. Look at which column of `predict_proba` is that of 1.",
        "changes-data": "Your function changes `X` or `y`. Whoever uses them next gets other numbers.",
    },
    praise="I changed outcomes and rows of each fold, and its other predictions stayed: the definition of no leak.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Change outcomes and rows of each fold: its other predictions must stay, and those of the other folds move."""
    task = task_of(draw.randrange(10**6))
    call = answer.call("out_of_fold", *task)
    first = _array(call.value)
    if not isinstance(first, np.ndarray) or first.shape != (SIZE,) or first.dtype.kind not in "fiub":
        shape = f"an array of the shape {first.shape}" if isinstance(first, np.ndarray) else None
        return wrong("wrong-shape", rows=SIZE, got=shape or kind_of(first))
    if call.changed:
        return wrong("changes-data")
    if not np.isfinite(first).all():
        return wrong("not-all")
    if set(np.unique(first)) <= {0, 1}:
        return wrong("classes")
    far = first[np.abs(first - 0.5).argmax()]
    if abs(far - 0.5) > 0.5 + EDGE:
        return wrong("outside", got=far)
    tests = [test for _, test in task[2]]
    reads, stay = 0, False
    for test in tests:
        turned, moved = changed_in(task, test)
        after, (probes, rest) = _predicted(answer, moved), np.split(test[1:], [len(PROBED)])
        if _differ(after[rest], first[rest]):  # why?
            if _differ(_predicted(answer, task), first):
                return wrong("not-repeatable", earned=1)
            places = np.argsort(np.concatenate(tests))[rest]
            if not _differ(after[places], first[places]):
                return wrong("fold-order", earned=1)
            if _differ(_predicted(answer, turned)[test], first[test]):
                return wrong("labels")
            return wrong("rows", earned=1)
        reads += int((np.abs(after - first)[probes] > EDGE).sum())
        stay |= not all(_differ(after[other], first[other]) for other in tests if other is not test)
    for end in (np.arange(END), np.arange(SIZE - END, SIZE)):  # some of these are training rows of every fold
        after = _predicted(answer, (task[0], np.where(np.isin(np.arange(SIZE), end), 1 - task[1], task[1]), task[2]))
        stay |= not all(_differ(after[test], first[test]) for test in tests)
    if stay:
        return wrong("ignores-training", earned=1)
    of = PARTS * len(PROBED)
    if reads > of / 2:
        return wrong("no-choice", earned=1, of=of, count=reads)
    got = auc(task[1], first)
    if got < 1 - LEAST_AUC:
        return wrong("reversed", earned=1)
    return wrong("weak", earned=1, got=got) if got < LEAST_AUC else right()


def _array(value: Any) -> Any:
    """Return the array that a Series or a list is; anything else as it is, and a list of things of many shapes too."""
    try:
        return np.asarray(value) if isinstance(value, pd.Series | list | tuple) else value
    except ValueError:
        return value


def _predicted(answer: Answer, task: Task) -> Floats:
    return np.asarray(answer.evaluate("out_of_fold(*task)", task=task), dtype=float)


# Question 3: a split as the model will be used.

LEAST = 0.05  # of the rows, on each side


def panel_of(draw: Random, years: int, first: int) -> pd.DataFrame:
    """Draw customers over some years, their rows and their numbers in no order."""
    frame = customers(120, 12 * years, seed=draw.randrange(10**6))
    numbers = np.random.default_rng(draw.randrange(10**6)).permutation(100_000)
    frame = frame.assign(year=first + frame["month"] // 12, customer=numbers[frame["customer"]])
    return frame.sample(frac=1, random_state=draw.randrange(10**6))


@question(
    "split: apart in time and in customers",
    makes="split",
    points=3,
    hints=(
        "Two conditions. First put the last year on one side and the years before it on the other.",
        "Customers who have been there in both parts are on both sides. `panel['customer'].isin(...)` finds them.",
        "Take them out of the test: those who stay there are the new customers. Out of the training rows, only people "
        "who have left would remain, and that is chosen by the future.",
    ),
    misconceptions={
        "not-two-tables": "`split` should return two tables, as in `return train, test`. It returns {got}.",
        "both": "This split keeps neither customers nor years apart. On both sides are {customers} of the customers "
        "and {years} of the years. In production the model will know neither.",
        "same-customers": "{customers} customers are on both sides. The model can recognise them, and in production it "
        "meets people that it has never seen.",
        "future": "The customers are apart. The years are not: the last year to train on is {train}, the first to test "
        "on is {test}. In production the model knows the past only.",
        "too-small": "One side has {share:.1%} of the rows, and a twentieth is asked for. A number from few rows is as "
        "good as none.",
        "not-rows": "The tables hold rows that are not in `panel`, or hold some more than once, or lack columns.",
        "turned-round": "The later years are in the first table. Return `train` first.",
        "fixed": "It works for the years 2021 to 2023, and not for {years}. Let `panel` say which years there are.",
        "changes-data": "Your function changes `panel` itself.",
    },
    praise="What is tested is what will happen: the future, and people whom the model has never seen.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Split a panel of the years of the notebook and two of other years, and look who is where."""
    verdict = _judge_split(answer, panel_of(draw, 3, 2021))
    for years in (2, 3):
        if verdict is not None:
            return verdict
        first = draw.randrange(1990, 2015)
        try:
            verdict = _judge_split(answer, panel_of(draw, years, first))
        except BrokeError:
            verdict = wrong("fixed")
        if verdict is not None and verdict.earned < 2:  # or it splits as asked, and is left with too few rows
            return wrong("fixed", earned=1, years=f"{first} to {first + years - 1}")
    return verdict or right()


def _judge_split(answer: Answer, panel: pd.DataFrame) -> Verdict | None:
    """Return what is wrong with the two tables of a panel, or None."""
    call = answer.call("split", panel)
    given = call.value
    if call.changed:
        return wrong("changes-data")
    if not isinstance(given, tuple | list) or len(given) != 2 or not all(isinstance(t, pd.DataFrame) for t in given):
        parts = given if isinstance(given, tuple | list) else [given]
        kinds = ["nothing" if part is None else type(part).__name__ for part in parts]
        return wrong("not-two-tables", got=", ".join(kinds)[:60] or "nothing")
    train, test = given
    if not all(_rows_of(panel, table) for table in given):
        return wrong("not-rows")
    share = min(len(train), len(test)) / len(panel)
    if share == 0:
        return wrong("too-small", share=share)
    shared = len(set(train["customer"]) & set(test["customer"]))
    last, soonest = train["year"].max(), test["year"].min()
    if test["year"].max() < train["year"].min():
        return wrong("turned-round")
    if last >= soonest and shared:
        return wrong("both", customers=shared, years=len(set(train["year"]) & set(test["year"])))
    if shared:
        return wrong("same-customers", earned=1, customers=shared)
    if last >= soonest:
        return wrong("future", earned=1, train=last, test=soonest)
    return wrong("too-small", earned=2, share=share) if share < LEAST else None


def _rows_of(panel: pd.DataFrame, table: pd.DataFrame) -> bool:
    """Tell whether a table holds rows of the panel, each at most once and unchanged."""
    names = list(panel.columns)
    if not set(names) <= set(table.columns):
        return False
    found = table[names].merge(panel, on=names, how="inner")
    return len(found) == len(table) and not table.duplicated(["customer", "month"]).any()


# Question 4: the names.

LEAKS = {
    "A": "fitted before the split",
    "B": "post-outcome column",
    "C": "same group on both sides",
    "D": "future in training",
    "E": "none",
    "F": "none",
}
FORGETS = {
    "A": "preparation-is-harmless",
    "B": "not-yet-known",
    "C": "images-are-rows",
    "D": "days-are-rows",
    "E": "pipeline-is-no-fold",
    "F": "strong-is-leak",
}
EACH = 0.5
LETTERS = 20  # the texts in A to F have more


@question(
    "leaks: the name of each",
    makes="leaks",
    points=3,
    hints=(
        "Ask three things of each: is every input known on the day of the prediction? Is anything learned from rows "
        "that are tested on? Are the test rows new in the way in which production's will be?",
        "A high score is no proof of a leak, and a low one no proof of none.",
        "Two of the six are sound.",
    ),
    misconceptions={
        "not-a-dict": "`leaks` should be a dict with the letters A to F, each with one of `NAMES`. It is a {got}.",
        "missing": "There is no entry for {letters}.",
        "texts": "Your keys are texts such as `{key}`. That is what a variable `A` to `F` holds. Put the letters in "
        'quotes: `"A"`.',
        "unknown-name": "`{name}` is not one of `NAMES`. Copy the words, or write `NAMES[0]` for the first.",
        "preparation-is-harmless": "Look at A again: which rows had a part in the scaler?",
        "not-yet-known": "Look at B again: on Monday, when this week is predicted, what is written down already?",
        "images-are-rows": "Look at C again: of whom are the images on the two sides?",
        "days-are-rows": "Look at D again: which days are there to learn from when next week is predicted?",
        "pipeline-is-no-fold": "Look at E again: when does a pipeline inside `cross_val_score` choose its columns, and "
        "what does the splitter keep together?",
        "strong-is-leak": "Look at F again: a strong input is not a leak. When are its values written down?",
    },
    praise="You ask when it is known, what it was learned from, and who is on the other side.",
)
def q4(answer: Answer, draw: Random) -> Verdict:
    """Compare the names; each letter counts."""
    given = answer.value("leaks")
    if not isinstance(given, dict):
        return wrong("not-a-dict", got=type(given).__name__)
    names = {str(letter).strip().upper(): name for letter, name in given.items()}
    lacking = [letter for letter in LEAKS if names.get(letter, ...) is ...]
    longest = max(map(str, given), key=len, default="")
    if lacking and len(longest) > LETTERS:
        return wrong("texts", key=longest[:LETTERS])
    if lacking:
        return wrong("missing", letters=", ".join(lacking))
    said = {letter: str(names[letter]).strip().lower() for letter in LEAKS}
    strange = [name for name in said.values() if name not in LEAKS.values()]
    if strange:
        return wrong("unknown-name", name=strange[0][:40])
    mistaken = [letter for letter, name in LEAKS.items() if said[letter] != name]
    return right() if not mistaken else wrong(FORGETS[mistaken[0]], earned=EACH * (len(LEAKS) - len(mistaken)))

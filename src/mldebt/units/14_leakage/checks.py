"""What a right answer to exercise 14 does. A leak is told by what it is: something that must not matter does."""

from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mldebt.check import Answer, BrokeError, Verdict, question, right, wrong
from mldebt.churn import FEATURES, Logistic, auc, customers, exit_calls

Floats = NDArray[np.float64]
EDGE = 1e-6
"""Predictions that differ by less are the same: a solver stops a little earlier or later."""

# Question 1: columns that are written down after the outcome.

LATER = ("exit_calls", "refund")
KNOWN = (*FEATURES, "cancel_page")
ROWS = 1500
LOSS = 0.045
"""How far below the reference's AUC an honest model may be. benchmarks/tolerances/14_leakage.py."""

PREDICT = "[model.predict_proba(table)[:, 1] for model in [fit_churn(train)] for table in tables]"


@lru_cache(maxsize=64)
def months(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Draw a month to train on and a live one, and the AUC of an honest model."""
    train = with_traces(customers(ROWS, seed=seed), seed, known=True)
    live = with_traces(customers(ROWS, seed=seed + 1), seed + 1, known=False)
    return train, live, auc(live["churned"], Logistic.fit(train, KNOWN).predict(live))


def with_traces(frame: pd.DataFrame, seed: int, *, known: bool) -> pd.DataFrame:
    """Add a column that is known in time, and two that are written down after the outcome."""
    left = frame["churned"].to_numpy()
    rng = np.random.default_rng(seed)
    frame = exit_calls(frame, seed=seed, known=known).assign(cancel_page=rng.poisson(np.where(left, 1.2, 0.2)))
    return frame.assign(refund=rng.integers(1, 20, len(left)) * (rng.random(len(left)) < 0.4) * left * known)


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
        "reads-name": "Your model reads `{column}`, a number that names a row and says nothing of the next one.",
        "weak": "No leak, and not as good as one can honestly be: an AUC of {got:.2f} on a live month, where "
        "{wanted:.2f} is to be had. Use all that is known in time.",
        "flat": "The model gives every customer the same probability.",
        "changes-data": "Your function changes the table that it is given.",
        "no-model": "`fit_churn` should return a trained model, and it returns {got}.",
    },
    praise="As good in production as on paper, and no worse than it has to be.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Change one column after the other in a live month, and see whether the predictions change."""
    train, live, honest = months(2 * draw.randrange(10**6))
    call = answer.call("fit_churn", train)
    if call.changed:
        return wrong("changes-data")
    if call.value is None or isinstance(call.value, int | float | str | list | tuple | dict | np.ndarray):
        return wrong("no-model", got=type(call.value).__name__)
    others = live.sample(frac=1, random_state=draw.randrange(10**6)).reset_index(drop=True)
    changed = {
        "exit_calls": live["exit_calls"] + others["customer"] % 5,
        "refund": live["refund"] + others["customer"] % 19,
        "churned": others["churned"],
        "customer": others["customer"],
        "month": live["month"] + 7,
        "cancel_page": others["cancel_page"],
    }
    tables = [live, *(live.assign(**{name: values}) for name, values in changed.items())]
    found = [np.asarray(each, dtype=float) for each in answer.evaluate(PREDICT, train=train, tables=tables)]
    reads = {name for name, each in zip(changed, found[1:], strict=True) if _differ(each, found[0])}
    if np.ptp(found[0]) < EDGE:
        return wrong("flat")
    for name in LATER:
        if name in reads:
            return wrong("reads-later", column=name)
    if "churned" in reads:
        return wrong("reads-outcome")
    for name in ("customer", "month"):
        if name in reads:
            return wrong("reads-name", earned=1, column=name)
    if "cancel_page" not in reads:
        return wrong("drops-known", earned=1)
    got = auc(live["churned"], found[0])
    return wrong("weak", earned=1, got=got, wanted=honest) if got < honest - LOSS else right()


# Question 2: predictions for rows that the model has not seen.

SIZE, COLUMNS, CHOSEN, PARTS = 160, 400, 20, 4
SIGNALS = 4
WEAKER = 0.15
"""How far below the reference's AUC honest predictions may be. benchmarks/tolerances/14_leakage.py."""

Folds = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


def noise(rng: np.random.Generator) -> tuple[Floats, NDArray[np.int64], Folds]:
    """Draw columns that say nothing of an outcome, and folds."""
    places = rng.permutation(SIZE)
    tests = [np.sort(part) for part in np.array_split(places, PARTS)]
    folds = [(np.setdiff1d(np.arange(SIZE), test), test) for test in tests]
    return rng.normal(size=(SIZE, COLUMNS)), rng.integers(0, 2, SIZE), folds


def with_signal(rng: np.random.Generator) -> tuple[Floats, NDArray[np.int64], Folds]:
    """Draw the same with a few columns, none of the first, that say much; each column has a scale of its own."""
    table, _, folds = noise(rng)
    telling = CHOSEN + rng.permutation(COLUMNS - CHOSEN)[:SIGNALS]
    odds = 2 * table[:, telling].sum(axis=1)
    outcome = (rng.random(SIZE) < 1 / (1 + np.exp(-odds))).astype(int)
    return table * 10.0 ** rng.integers(-2, 3, COLUMNS), outcome, folds


def honest_predictions(table: Floats, outcome: NDArray[np.int64], folds: Folds) -> Floats:
    """Choose columns, train and predict inside each fold."""
    found = np.zeros(len(outcome))
    for training, test in folds:
        scaled = (table - table[training].mean(axis=0)) / table[training].std(axis=0)
        related = np.abs(scaled[training].T @ (outcome[training] - outcome[training].mean()))
        names = [f"x{place}" for place in np.argsort(-related)[:CHOSEN]]
        frame = pd.DataFrame({name: scaled[:, int(name[1:])] for name in names}).assign(churned=outcome)
        found[test] = Logistic.fit(frame.iloc[training], names).predict(frame.iloc[test])
    return found


@question(
    "out_of_fold: nothing is learned from a test row",
    makes="out_of_fold",
    points=3,
    hints=(
        "What does `flattered` compute before the loop over the folds? Which rows go into it?",
        "Whatever looks at more than one row is training: a mean, a standard deviation, a choice of columns.",
        "Move the three lines into the loop, and let them see `X[training]` and `y[training]` only. A pipeline with "
        "`cross_val_predict(..., cv=folds)` does the same.",
    ),
    misconceptions={
        "labels": "I changed the outcomes of the rows of one fold, and your predictions for those very rows changed. "
        "On pure noise your function reaches an AUC of {auc:.2f}. What was learned from them, before the split?",
        "rows": "I changed one row of a fold, and the predictions for other rows of that fold changed. A test row has "
        "a part in preparing the others: look at what `mean` and `std` are taken of.",
        "not-repeatable": "Called twice with the same data, your function gives different predictions. Set a seed, or "
        "use what needs none.",
        "wrong-shape": "The function should return an array with one probability for each row of `X`, and it returns "
        "{got}.",
        "not-all": "Some rows have no prediction. Each is in the test part of one fold.",
        "classes": "Your function returns 0 or 1. A probability is asked for.",
        "weak": "No leak, and where some columns do say something your predictions reach an AUC of {got:.2f}; "
        "{wanted:.2f} is to be had. Is each fold trained on its training rows, with the columns that they choose?",
        "reversed": "Your probabilities are those of 0. Look at which column of `predict_proba` is that of 1.",
        "changes-data": "Your function changes `X` or `y`. Whoever uses them next gets other numbers.",
    },
    praise="I changed outcomes and rows of a fold, and its other predictions stayed: the definition of no leak.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Change outcomes and rows of one fold, and see what happens to the predictions for it."""
    rng = np.random.default_rng(draw.randrange(10**6))
    table, outcome, folds = noise(rng)
    call = answer.call("out_of_fold", table, outcome, folds)
    first = call.value
    if isinstance(first, pd.Series | list):
        first = np.asarray(first)
    if not isinstance(first, np.ndarray) or first.shape != (SIZE,) or first.dtype.kind not in "fiub":
        return wrong("wrong-shape", got=_shape(first))
    if call.changed:
        return wrong("changes-data")
    if not np.isfinite(first).all():
        return wrong("not-all")
    if set(np.unique(first)) <= {0, 1}:
        return wrong("classes")
    test = folds[draw.randrange(PARTS)][1]
    flipped, moved = outcome.copy(), table.copy()
    flipped[test] = 1 - flipped[test]
    moved[test[0]] *= 50
    signal = with_signal(rng)
    asked = [(table, outcome, folds), (table, flipped, folds), (moved, outcome, folds), signal]
    again, after_flip, after_move, there = (
        np.asarray(each, dtype=float) for each in answer.evaluate("[out_of_fold(*each) for each in asked]", asked=asked)
    )
    if _differ(again, first):
        return wrong("not-repeatable", earned=1)
    if _differ(after_flip[test], first[test]):
        return wrong("labels", auc=auc(outcome, first))
    if _differ(after_move[test[1:]], first[test[1:]]):
        return wrong("rows", earned=1)
    got, wanted = auc(signal[1], there), auc(signal[1], honest_predictions(*signal))
    if 1 - got > wanted - WEAKER:
        return wrong("reversed", earned=1)
    return wrong("weak", earned=1, got=got, wanted=wanted) if got < wanted - WEAKER else right()


def _differ(one: Floats, other: Floats) -> bool:
    return not np.allclose(one, other, rtol=0, atol=EDGE)


def _shape(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of the shape {value.shape}"
    return f"a {type(value).__name__}"


# Question 3: a split as the model will be used.

LEAST = 0.1  # of the rows, on each side


def panel_of(draw: Random) -> pd.DataFrame:
    """Draw customers over some years, their rows and their numbers in no order."""
    years, first = draw.choice((2, 3, 4)), draw.randrange(1995, 2020)
    frame = customers(150, 12 * years, seed=draw.randrange(10**6))
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
        "Take them out of one of the two sides. You lose rows; that is the price of an honest number.",
    ),
    misconceptions={
        "not-two-tables": "`split` should return two tables, as in `return train, test`. It returns {got}.",
        "both": "This split keeps neither customers nor years apart: {customers} customers and {years} years are on "
        "both sides. In production the model will know neither.",
        "same-customers": "{customers} customers are on both sides. The model can recognise them, and in production it "
        "meets people that it has never seen.",
        "future": "The customers are apart. The years are not: the last year to train on is {train}, the first to test "
        "on is {test}. In production the model knows the past only.",
        "inside-a-year": "The cut goes through the year {train}, which is on both sides. What is asked for is a later "
        "year for all rows of `test`.",
        "too-small": "One side has {share:.0%} of the rows, and at least a tenth is asked for. A number from few rows "
        "is as good as none.",
        "not-rows": "The tables hold rows that are not in `panel`, or hold some more than once, or lack columns.",
        "turned-round": "The later years are in the first table. Return `train` first.",
        "fixed": "It works for the given years and not for others ({years}). Let `panel` say which years there are.",
        "changes-data": "Your function changes `panel` itself.",
    },
    praise="What is tested is what will happen: the future, and people whom the model has never seen.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Split three panels, and look who is where."""
    first = None
    for number in range(3):
        panel = panel_of(draw)
        years = f"{panel['year'].min()} to {panel['year'].max()}"
        try:
            call = answer.call("split", panel)
        except BrokeError:
            if first is None:
                raise
            return wrong("fixed", earned=1, years=years)
        verdict = wrong("changes-data") if call.changed else _judge_split(panel, call.value)
        if verdict is not None:
            if number == 0 and verdict.misconception in ("too-small", "not-rows") and _works_on(answer, draw):
                return wrong("fixed", earned=1, years=years)
            return verdict
        first = call.value
    return right()


def _works_on(answer: Answer, draw: Random) -> bool:
    """Tell whether the function is right for the years of the notebook."""
    panel = customers(150, 36, seed=draw.randrange(10**6))
    panel = panel.assign(year=2021 + panel["month"] // 12).sample(frac=1, random_state=1)
    return _judge_split(panel, answer.call("split", panel).value) is None


def _judge_split(panel: pd.DataFrame, given: Any) -> Verdict | None:
    """Return what is wrong with two tables, or None."""
    if not isinstance(given, tuple | list) or len(given) != 2 or not all(isinstance(t, pd.DataFrame) for t in given):
        return wrong("not-two-tables", got=_several(given))
    train, test = given
    if not all(_rows_of(panel, table) for table in given):
        return wrong("not-rows")
    share = min(len(train), len(test)) / len(panel)
    if share == 0:
        return wrong("too-small", share=share)
    shared = len(set(train["customer"]) & set(test["customer"]))
    years = len(set(train["year"]) & set(test["year"]))
    seen: dict[str, Any] = {"train": train["year"].max(), "test": test["year"].min()}
    if test["year"].max() < train["year"].min():
        return wrong("turned-round")
    late = seen["train"] >= seen["test"]
    if late and shared:
        return wrong("both", customers=shared, years=years)
    if shared:
        return wrong("same-customers", earned=1, customers=shared)
    if late:
        return wrong("inside-a-year" if years == 1 else "future", earned=1, **seen)
    return wrong("too-small", earned=2, share=share) if share < LEAST else None


def _rows_of(panel: pd.DataFrame, table: pd.DataFrame) -> bool:
    """Tell whether a table holds rows of the panel, each at most once and unchanged."""
    if not set(panel.columns) <= set(table.columns):
        return False
    names = list(panel.columns)
    found = table[names].merge(panel, on=names, how="inner")
    return len(found) == len(table) and not table.duplicated(["customer", "month"]).any()


def _several(value: Any) -> str:
    if isinstance(value, tuple | list):
        kinds = {type(part).__name__ for part in value}
        return f"{len(value)} values ({', '.join(sorted(kinds))})"
    return f"a {type(value).__name__}"


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
        "unknown-name": "`{name}` is not one of `NAMES`. Take the words as they stand there.",
        "preparation-is-harmless": "Look at A again: which rows had a part in the scaler?",
        "not-yet-known": "Look at B again: the prediction is for this week. When is each of the inputs known?",
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
    if lacking:
        return wrong("missing", letters=", ".join(lacking))
    said = {letter: str(names[letter]).strip().lower() for letter in LEAKS}
    strange = [name for name in said.values() if name not in LEAKS.values()]
    if strange:
        return wrong("unknown-name", name=strange[0][:40])
    mistaken = [letter for letter, name in LEAKS.items() if said[letter] != name]
    return right() if not mistaken else wrong(FORGETS[mistaken[0]], earned=EACH * (len(LEAKS) - len(mistaken)))

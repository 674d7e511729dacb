"""What the tolerances of unit 14 are taken from, over many seeds.

    python benchmarks/tolerances/14_leakage.py              # 200 seeds
    python benchmarks/tolerances/14_leakage.py --seeds 500

Question 1: how far an honest model's AUC on a live month is below the reference's (the bound is LOSS), how many of the
known columns move a prediction (the bound is FEW), and the AUC after FEWER rows with turned outcomes (the bound is a
half). Question 2: the AUC of predictions out of folds (LEAST_AUC), how far predictions for a fold move when its own
rows are changed (EDGE), and how many columns move a prediction (the bound is a half). Question 3: the share of rows on
the smaller side of a split (LEAST). For right answers and for wrong ones.
"""

import warnings
from collections.abc import Callable
from random import Random
from typing import Any

import click
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectFromModel, SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupShuffleSplit, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mldebt import units
from mldebt.churn import auc

unit = units.module(units.FOLDER / "14_leakage" / "checks.py")
TEXT = ["contract", "region"]
NUMBERS = [name for name in unit.KNOWN if name not in TEXT]
Row = tuple[str, str, float]


def logistic(names: list[str]) -> Any:
    numbers, texts = [n for n in names if n not in TEXT], [n for n in names if n in TEXT]
    read = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), texts))
    return make_pipeline(read, LogisticRegression(max_iter=1000))


def on_numbers(model: Any) -> Any:
    return make_pipeline(make_column_transformer(("passthrough", NUMBERS)), model)


def first(seed: int) -> list[Row]:
    train, live, honest = unit.months(2 * seed)
    elsewhere = unit.month(1500, 141, known=False)
    tried = {
        "right: logistic, all that is known": logistic(list(unit.KNOWN)),
        "right: logistic without the region": logistic([n for n in unit.KNOWN if n != "region"]),
        "right: forest": on_numbers(RandomForestClassifier(60, min_samples_leaf=10, random_state=0)),
        "right: boosted trees": on_numbers(GradientBoostingClassifier(n_estimators=60, max_depth=2, random_state=0)),
        "wrong: cancel_page only": logistic(["cancel_page"]),
        "wrong: cancel_page and usage": logistic(["cancel_page", "usage"]),
        "wrong: without cancel_page": logistic([n for n in unit.KNOWN if n != "cancel_page"]),
    }
    rows = []
    for name, model in tried.items():
        found = model.fit(train, train["churned"]).predict_proba(live)[:, 1]
        rows.append(("AUC below the reference", name, honest - auc(live["churned"], found)))
        turned = train.head(unit.FEWER).assign(churned=1 - train["churned"])
        for table, what in ((turned, name), (pd.concat([turned, elsewhere]), f"{name}, and of other rows")):
            against = model.fit(table, table["churned"]).predict_proba(live)[:, 1]
            rows.append(("AUC from turned outcomes", what, auc(live["churned"], against)))
        model.fit(train, train["churned"])
        count = unit.looked_at([model.predict_proba(table)[:, 1] for table in unit.probes(live, Random(seed))])
        rows.append(("columns that move a prediction", name, float(count)))
    return rows


Function = Callable[..., Any]


def cross_validated(*steps: Any) -> Function:
    def out_of_fold(table: Any, outcome: Any, folds: Any) -> Any:
        model = make_pipeline(*steps, LogisticRegression(max_iter=1000))
        return cross_val_predict(model, table, outcome, cv=folds, method="predict_proba")[:, 1]

    return out_of_fold


def by_forest() -> Any:
    forest = RandomForestClassifier(20, random_state=0)
    return SelectFromModel(forest, max_features=unit.CHOSEN, threshold=-np.inf)


def scaled_before(table: Any, outcome: Any, folds: Any) -> Any:
    return cross_validated(SelectKBest(k=unit.CHOSEN))(StandardScaler().fit_transform(table), outcome, folds)


def chosen_before(table: Any, outcome: Any, folds: Any) -> Any:
    chosen = SelectKBest(k=unit.CHOSEN).fit_transform(table, outcome)
    return cross_validated(StandardScaler())(chosen, outcome, folds)


def first_columns(table: Any, outcome: Any, folds: Any) -> Any:
    return cross_validated(StandardScaler())(table[:, : unit.CHOSEN], outcome, folds)


FUNCTIONS: dict[str, Function] = {
    "right: the 20 best by F, in the fold": cross_validated(StandardScaler(), SelectKBest(k=unit.CHOSEN)),
    "right: the 10 best": cross_validated(StandardScaler(), SelectKBest()),
    "right: the best by a forest, in the fold": cross_validated(StandardScaler(), by_forest()),
    "right: the 40 best": cross_validated(StandardScaler(), SelectKBest(k=40)),
    "wrong: all columns": cross_validated(StandardScaler()),
    "wrong: the first columns": first_columns,
    "wrong: nothing scaled": cross_validated(SelectKBest(k=unit.CHOSEN)),
    "wrong: scaled before": scaled_before,
    "wrong: chosen before": chosen_before,
}


def second(seed: int) -> list[Row]:
    task = unit.task_of(seed)
    test = task[2][0][1]
    turned, moved = unit.changed_in(task, test)
    rows = []
    for name, function in FUNCTIONS.items():
        found = function(*task)
        by_outcomes, by_both = np.abs(function(*turned) - found)[test], np.abs(function(*moved) - found)[test]
        probes = len(unit.PROBED) + 1
        rows += [
            ("AUC", name, auc(task[1], found)),
            ("moved by the fold's outcomes", name, float(by_outcomes.max())),
            ("moved by them and by other rows", name, float(by_both[probes:].max())),
            ("share of columns that matter", name, float((by_both[1:probes] > unit.EDGE).mean())),
        ]
    return rows


def by_customers(panel: pd.DataFrame, share: float) -> list[pd.DataFrame]:
    parts = next(GroupShuffleSplit(1, test_size=share, random_state=0).split(panel, groups=panel["customer"]))
    return [panel.iloc[rows] for rows in parts]


def third(seed: int) -> list[Row]:
    panel = unit.panel_of(Random(seed), 2 + seed % 2, 2000)
    last = panel["year"].max()
    before, newest = panel[panel["year"] < last], panel[panel["year"] == last]
    until = panel["customer"].map(panel.groupby("customer")["year"].max())
    a, b = by_customers(panel, 0.5)
    c, d = by_customers(panel, 0.25)
    splits = {
        "right: newcomers of the last year": (before, newest[~newest["customer"].isin(before["customer"])]),
        "right: gone before the last year": (panel[until < last], newest),
        "right: half of the customers on each side": (a[a["year"] < last], b[b["year"] == last]),
        "right: a quarter of the customers to test": (c[c["year"] < last], d[d["year"] == last]),
        "right: even and odd": (before[before["customer"] % 2 == 0], newest[newest["customer"] % 2 == 1]),
        "wrong: a hundred rows": (before, newest[~newest["customer"].isin(before["customer"])].head(100)),
    }
    return [("share of the smaller side", name, min(map(len, sides)) / len(panel)) for name, sides in splits.items()]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seeds", default=200, show_default=True, type=click.IntRange(2))
def main(seeds: int) -> None:
    """Measure over many seeds, and print quantiles."""
    warnings.filterwarnings("ignore", message="Features .* are constant")
    told = (
        f"q1: LOSS = {unit.LOSS}, FEW = {unit.FEW}",
        f"q2: LEAST_AUC = {unit.LEAST_AUC}, EDGE = {unit.EDGE}",
        f"q3: LEAST = {unit.LEAST}",
    )
    for title, measure in zip(told, (first, second, third), strict=True):
        table = pd.DataFrame(
            [row for seed in range(seeds) for row in measure(seed)], columns=["what", "answer", "value"]
        )
        parts = table.groupby(["what", "answer"], sort=False)["value"]
        click.echo(f"\n{title}\n{parts.quantile([0, 0.025, 0.5, 0.975, 1]).unstack().round(4).to_string()}")


if __name__ == "__main__":
    main()

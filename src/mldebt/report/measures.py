"""What can be counted in the rows of a class: marks, questions, misconceptions, where learners stop.

Each function takes the frame of `report.read.frame` and returns a frame. A figure that a class is too small for is
missing (NaN), and a column beside it says why.
"""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pandas as pd

from mldebt.check import Status
from mldebt.grading.mark import ABSENT
from mldebt.report.interval import fisher, wilson
from mldebt.variant import ANOTHER

FEW = 10
"""Learners that a discrimination takes at least."""
LEAST = 5
"""Learners that it takes before a question is said to look broken."""
OFTEN = 0.2
"""Share of answers that broke, timed out or were not judged, from which a question looks broken."""

OUTCOMES = (*(str(status.value) for status in (Status.RIGHT, Status.WRONG, Status.BROKE, Status.TIMED_OUT)),
            str(Status.NOT_ATTEMPTED.value))  # fmt: skip
NOT_JUDGED = "not judged"
KEY = ["unit", "question"]
_COLUMNS = [
    *("judged", "all points", "share", "share low", "share high", "difficulty"),
    *("discrimination", "low", "high", "why", *OUTCOMES, NOT_JUDGED),
]


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of the points of each learner: a column a unit, missing where nothing was judged, and `all`.

    `all` counts what was not handed in as nothing: it is the mark so far.
    """
    graded = rows[rows["unit"] != ""]
    judged = graded[graded["judged"]].groupby(["learner", "unit"])[["earned", "points"]].sum()
    wide = (judged["earned"] / judged["points"]).unstack("unit")
    total = graded.groupby("learner")[["earned", "points"]].sum()
    return wide.reindex(total.index).assign(all=total["earned"] / total["points"])


def by_unit(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each unit, and in `all`, how many were judged and the spread of their shares of the points."""
    wide = shares(rows)
    return pd.DataFrame(
        {
            "judged": wide.notna().sum(),
            "mean": wide.mean(),
            "lowest": wide.min(),
            "quarter": wide.quantile(0.25),
            "median": wide.median(),
            "three quarters": wide.quantile(0.75),
            "highest": wide.max(),
        }
    ).rename_axis("unit")


def by_question(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each question how many were judged, how many got all points, and how it sets learners apart.

    `difficulty` is the mean share of its points (the classical item difficulty: high is easy). `discrimination` is the
    corrected item-total correlation: of a question's score with the share of the points of all other questions that
    the same learner handed in. `low` and `high` bound its 95 % interval; `why` tells why there is none.
    """
    graded = rows[rows["question"] != ""]
    others = _others(graded[graded["judged"]])
    found = {}
    for key, own in graded.groupby(KEY, sort=True):
        answers = others[(others["unit"] == key[0]) & (others["question"] == key[1])]
        count, right = len(answers), int((answers["score"] > 1 - 1e-9).sum())
        low, high = wilson(right, count)
        outcomes = {outcome: int((own["outcome"] == outcome).sum()) for outcome in (*OUTCOMES, NOT_JUDGED)}
        found[key] = {
            "judged": count,
            "all points": right,
            "share": right / count if count else np.nan,
            "share low": low,
            "share high": high,
            "difficulty": answers["score"].mean() if count else np.nan,
            **_discrimination(answers["score"], answers["rest"]),
            **outcomes,
        }
    columns = [
        "judged",
        "all points",
        "share",
        "share low",
        "share high",
        "difficulty",
        "discrimination",
        "low",
        "high",
    ]
    index = (
        pd.MultiIndex.from_tuples(list(found), names=KEY) if found else pd.MultiIndex.from_arrays([[], []], names=KEY)
    )
    return pd.DataFrame(list(found.values()), index=index, columns=[*columns, "why", *OUTCOMES, NOT_JUDGED])


def lines(questions: pd.DataFrame) -> Iterator[tuple[str, str, pd.Series]]:
    """Yield unit, question and figures of each line of `by_question`."""
    for key, row in questions.iterrows():
        unit, question = cast(tuple[str, str], key)
        yield unit, question, row


def _others(judged: pd.DataFrame) -> pd.DataFrame:
    """Add to each answer the share of the points that its learner got for all other questions, missing if none."""
    gained = judged["score"] * judged["points"]
    by_learner = judged.assign(gained=gained).groupby("learner")[["gained", "points"]].transform("sum")
    left = by_learner["points"] - judged["points"]
    return judged.assign(rest=((by_learner["gained"] - gained) / left.where(left > 0)).round(12))


def _discrimination(score: pd.Series, rest: pd.Series) -> dict[str, object]:
    both = rest.notna()
    score, rest = score[both], rest[both]
    why = ""
    if not len(rest) and len(both):
        why = "there is no other question to compare it with"
    elif len(rest) < FEW:
        why = f"fewer than {FEW} learners"
    elif score.nunique() == 1:
        why = "everybody has the same points"
    elif rest.nunique() == 1:
        why = "everybody has the same points in all other questions"
    if why:
        return {"discrimination": np.nan, "low": np.nan, "high": np.nan, "why": why}
    value = float(np.corrcoef(score, rest)[0, 1])
    low, high = fisher(value, len(rest))
    return {"discrimination": value, "low": low, "high": high, "why": ""}


def suspects(questions: pd.DataFrame) -> pd.DataFrame:
    """Return the questions that look broken, each with the reason, the surest signs first. Takes `by_question`."""
    found = []
    for unit, question, row in lines(questions):
        judged, failed = int(row["judged"]), int(row[[Status.BROKE, Status.TIMED_OUT, NOT_JUDGED]].sum())
        said = []
        if row["high"] < 0:
            said.append((0, "Who does better elsewhere does worse here: look at the question and at its check."))
        elif row["discrimination"] < 0:
            said.append((2, "Discrimination is below zero, and that may be chance: its interval reaches above zero."))
        if judged >= LEAST and row["all points"] == 0:
            said.append((0, f"None of {judged} got all points."))
        if judged >= LEAST and row["all points"] == judged:
            said.append((3, f"All {judged} got all points: it tells nobody apart. That may be what you want."))
        handed_in = judged + int(row[NOT_JUDGED])
        if handed_in >= LEAST and failed >= OFTEN * handed_in:
            counts = ", ".join(f"{int(row[k])} {k}" for k in (Status.BROKE, Status.TIMED_OUT, NOT_JUDGED) if row[k])
            said.append((1, f"Of {handed_in} answers, {counts}: see whether the exercise misleads."))
        found += [(rank, unit, question, why) for rank, why in said]
    return pd.DataFrame(sorted(found), columns=["rank", *KEY, "why"]).drop(columns="rank")


def misconceptions(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each misconception with how many had it, by whom, and the message that most of them were told."""
    columns = [*KEY, "misconception", "count", "share", "message", "messages", "learners"]
    judged = rows[rows["judged"]]
    answers: dict[Any, int] = judged.groupby(KEY)["learner"].count().to_dict()
    found = []
    for (unit, question, name), own in judged[judged["misconception"] != ""].groupby([*KEY, "misconception"]):
        told = own["message"].value_counts()
        often = min(told[told == told.max()].index)
        share = len(own) / answers[unit, question]
        found.append([unit, question, name, len(own), share, often, len(told), sorted(own["learner"])])
    table = pd.DataFrame(found, columns=columns)
    return table.sort_values(["count", *KEY, "misconception"], ascending=[False, True, True, True], ignore_index=True)


def stops(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each question how many handed the unit in and left this question as the first one unanswered."""
    judged = rows[rows["judged"] & (rows["question"] != "")]
    handed_in = judged.groupby("unit")["learner"].nunique()
    empty = judged[judged["outcome"] == Status.NOT_ATTEMPTED]
    first = empty.drop_duplicates(["learner", "unit"])  # rows are in the order of the questions
    counts = first.groupby(KEY)["learner"].count().rename("stopped").reset_index()
    return counts.assign(**{"handed in": counts["unit"].map(handed_in)})


def last_units(rows: pd.DataFrame) -> pd.DataFrame:
    """Return for each unit how many handed it in, and for how many it is the last one that they handed in."""
    there = rows[(rows["outcome"] != ABSENT) & (rows["unit"] != "")][["learner", "unit"]].drop_duplicates()
    last = there.groupby("learner")["unit"].max().value_counts()
    handed_in = there["unit"].value_counts().sort_index()
    return pd.DataFrame({"handed in": handed_in, "last for": last.reindex(handed_in.index, fill_value=0)}).rename_axis(
        "unit"
    )


def of_others(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the learners whose answers belong to another variant, with how many and which, most first."""
    own = rows[rows["misconception"] == ANOTHER]
    named = own.assign(which=own["unit"] + " " + own["question"]).groupby("learner")["which"]
    table = pd.DataFrame({"answers": named.count(), "which": named.agg(", ".join)}).reset_index()
    return table.sort_values(["answers", "learner"], ascending=[False, True], ignore_index=True)


def problems(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the files that could not be judged, one a line."""
    failed = rows[~rows["judged"] & (rows["outcome"] != ABSENT)]
    return failed[["learner", "unit", "file", "outcome", "message"]].drop_duplicates(ignore_index=True)

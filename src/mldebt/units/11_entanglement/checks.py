"""What a right answer to exercise 11 does."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mldebt.check import Answer, Verdict, in_quiz, is_number, question, right, shown, wrong
from mldebt.churn import Logistic, customers, log_loss

SEED = 10**6

# Question 1: tables of which it is known what hangs together.

INPUTS = ("usage", "usage_last_month", "idle_days", "tenure", "price", "list_price", "discount")
UNITS = {"usage": 60.0, "usage_last_month": 60.0, "tenure": 1 / 12, "price": 100.0, "list_price": 1.2, "discount": 0.1}
ROWS, WORLDS = 3000, 3
STILL = 1e-4  # two fits of the same table, in whatever units
MISFIT = 0.05
"""By what share of a measure, summed over WORLDS, a number may miss it: other ways to fit do by a little.
benchmarks/tolerances/11_entanglement.py."""
MARGIN = 1.4
"""How much further entangled inputs must move the others than independent ones, summed over WORLDS.
benchmarks/tolerances/11_entanglement.py."""

Trial = tuple[str, pd.DataFrame, pd.DataFrame, str]
"""What is done, the table before, the table after, and the input that is changed."""


@lru_cache(maxsize=64)
def entangled(seed: int) -> pd.DataFrame:
    """Draw customers with proxies of engagement, of which one has the other sign, and two columns more.

    `discount` has a strong effect and hangs together with nothing. `list_price` goes along with `price` and has no
    effect of its own.
    """
    frame, rng = customers(ROWS, seed=seed, truth=True), np.random.default_rng([seed, 1])
    discount = rng.normal(size=ROWS).round(2)
    odds = np.log(frame["risk"] / (1 - frame["risk"])) - 0.55 * discount
    return frame.assign(
        idle_days=30 - frame["login_days"],
        discount=discount,
        list_price=(frame["price"] + 5 * rng.normal(size=ROWS)).round(2),
        churned=(rng.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(int),
    )[[*INPUTS, "churned"]]


def shuffled(frame: pd.DataFrame, name: str, seed: int) -> pd.DataFrame:
    """Give a column's values to other customers."""
    return frame.assign(**{name: np.random.default_rng([seed, 2]).permutation(frame[name].to_numpy())})


def upside_down(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give `discount` values that tell who leaves, less what `usage` shows, whose weight so changes its sign.

    Only here does it show that a measure compares the sizes of the weights, and not the weights.
    """
    noise, usage = np.random.default_rng([seed, 3]).normal(size=len(frame)), frame["usage"]
    return frame.assign(discount=frame["churned"] + noise - (usage - usage.mean()) / usage.std())


def in_other_units(frame: pd.DataFrame) -> pd.DataFrame:
    """Write the columns in other units."""
    return frame.assign(**{name: frame[name] * unit for name, unit in UNITS.items()})


def trials(seed: int) -> list[Trial]:
    """Change one input in one table in several ways."""
    frame = entangled(seed)
    return [
        ("same", frame, frame.copy(), "usage"),
        ("unit", frame, frame.assign(usage=frame["usage"] * 60), "usage"),
        *((f"no {name}", frame, frame.drop(columns=name), name) for name in GONE),
        ("other units", in_other_units(frame), in_other_units(frame).drop(columns="usage"), "usage"),
        ("shuffled usage", frame, shuffled(frame, "usage", seed), "usage"),
        ("shuffled discount", frame, shuffled(frame, "discount", seed), "discount"),
        ("upside down", frame, upside_down(frame, seed), "discount"),
    ]


GONE = ("usage", "idle_days", "discount", "list_price")
ASK = "[moved(before, after, changed) for before, after, changed in trials]"


@question(
    "moved: how far a change of one input moves the others",
    makes="moved",
    points=4,
    hints=(
        "Fit one `Logistic` on the inputs of `before` and one on those of `after`. Which columns the second has you "
        "see in the table itself.",
        "`model.weights` is a Series with a name for each input. The difference of two such Series matches the names "
        "by itself and has no number where one is missing.",
        "Leave `changed` out, take the size of each difference without its sign, and make one number of them.",
    ),
    misconceptions={
        "not-a-number": "`moved` should return one number, 0 or more. It returned {got}.",
        "nan": "`moved` returned `nan`, which is no number. When `changed` is gone it has no weight in `after`, and so "
        "no shift: leave it out before you make one number of the others.",
        "changes-data": "Your function changes a table that it is given. Work on a copy.",
        "signed": "A shift upwards and one downwards cancel in your number, or make it negative. How far something "
        "moves is a distance: take the size of each shift before you put them together.",
        "raw": "The same tables with other units, such as minutes for hours, give another number. A weight for one "
        "unit of a column cannot be compared with others: use the standardised ones.",
        "moves-by-itself": "`after` was the same as `before`, and your function says {got:.3f}. Nothing moved: compare "
        "a model of `before` with a model of `after`.",
        "label": "`churned` is among the inputs of your models. It is what they are to tell, and a model that reads "
        "it needs nothing else: the other weights have no reason to move.",
        "never-moves": "`usage` was dropped, which its proxies feel, and your function says 0. Did the first model "
        "read `usage` at all, and was a second one trained on `after`?",
        "own-weight": "What you return is the weight of the changed input itself. The question is what happens to the "
        "*others*.",
        "counts-itself": "The values of `{name}` changed, and your number is mostly its own weight, which moved of "
        "course. The question is about the *others*.",
        "importance": "An input of my own, `discount`, has a strong effect and hangs together with no other. Dropping "
        "it gives {alone:.3f}, dropping a proxy {proxy:.3f}. Your number says how much an input matters, and not how "
        "far the others move.",
        "correlation": "An input of my own, `list_price`, goes along with `price` and tells nothing more. Dropping it "
        "moves hardly a weight, and your function says {alone:.3f}, for a proxy that is dropped {proxy:.3f}.",
        "relative": "You divide by the weights. One that is nearly 0 then seems to move far when it moves a little.",
        "other-distance": "Your number is neither the largest nor the mean shift. First take the shift of each other "
        "weight, after minus before. Then take its size, without the sign. Only then take the largest of these sizes, "
        "or their mean, which is their sum divided by how many they are.",
        "misses-values": "When `usage` is dropped your function notices that the others move, and when its values are "
        "shuffled it hardly does. Train the second model on `after` as it is.",
    },
    praise="It is silent about units and importance, and loud when others have to stand in.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Ask for the same changes in several worlds; compare with the measures that count as right."""
    said: dict[str, float] = {}
    wanted: Measures = {}
    for _ in range(WORLDS):
        asked = trials(draw.randrange(SEED))
        if not said:
            call = answer.call("moved", *asked[2][1:])
            if call.changed:
                return wrong("changes-data")
        values = [
            value
            for few in range(0, len(asked), 4)  # what crosses to the learner's process at once has a limit
            for value in answer.evaluate(ASK, trials=[trial[1:] for trial in asked[few : few + 4]])
        ]
        if bad := [value for value in values if not is_number(value) or not np.isfinite(value)]:
            return wrong("nan" if is_number(bad[0]) and np.isnan(bad[0]) else "not-a-number", got=shown(bad[0]))
        numbers = {name: float(value) for (name, *_), value in zip(asked, values, strict=True)}
        right_ones = measures(asked)
        if not agrees(numbers, right_ones) and (verdict := _judge_world(numbers, asked)):
            return verdict
        said = {name: said.get(name, 0.0) + value for name, value in numbers.items()}
        wanted = {
            rule: {name: wanted.get(rule, {}).get(name, 0.0) + value for name, value in each.items()}
            for rule, each in right_ones.items()
        }
    return right() if agrees(said, wanted) else _judge_order(said)


Measures = dict[str, dict[str, float]]
"""For each measure what it gives for each trial."""


def measures(asked: Sequence[Trial]) -> Measures:
    """Return what counts as right for each trial: what the question asks for, and what says the same."""
    found: Measures = {}
    for name, before, after, changed in asked:
        old = weights(before).drop(changed)
        moves = weights(after)[old.index] - old
        scaled = (before[old.index] - before[old.index].mean()) / before[old.index].std(ddof=0)
        part, square = scaled @ moves, float((moves**2).sum())
        each = {
            "largest": float(moves.abs().max()),
            "mean": float(moves.abs().mean()),
            "sum": float(moves.abs().sum()),
            "root of the mean square": float(np.sqrt(square / len(moves))),
            "length": float(np.sqrt(square)),
            "part of the others, in the mean": float(part.abs().mean()),
            "part of the others, its sd": float(part.std()),
        }
        for rule, value in each.items():
            found.setdefault(rule, {})[name] = value
    return found


def misfit(said: dict[str, float], wanted: dict[str, float]) -> float:
    """Return the largest miss of a measure, as a share of it; where it is near 0, of a fifth of its mean."""
    little = float(np.mean(list(wanted.values()))) / 5
    return max(abs(said[name] - value) / (value + little) for name, value in wanted.items())


def agrees(said: dict[str, float], wanted: Measures) -> bool:
    """Tell whether numbers are those of one right measure throughout."""
    return any(misfit(said, each) < MISFIT for each in wanted.values())


def weights(table: pd.DataFrame) -> "pd.Series[float]":
    """Return the weights of a model of all inputs that a table has."""
    return Logistic.fit(table, list(table.columns.drop("churned"))).weights


def named(idea: str) -> str:
    """Return the misconception of which an idea is one form, as of "signed in sum" or "ratio, less one"."""
    return idea.partition(" ")[0].rstrip(",")


def shifts(asked: Trial) -> dict[str, float]:
    """Return what wrong ideas of the measure give for a trial."""
    _, before, after, changed = asked
    both = [weights(table) for table in (before, after)]
    old, new = (each.drop(changed, errors="ignore") for each in both)
    shift, own = new - old, float(both[0][changed])
    along = before[list(old.index)].corrwith(before[changed]).abs()
    told = [
        Logistic.fit(table, list(table.columns)).weights.drop(changed, errors="ignore") for table in (before, after)
    ]
    label, sizes = (told[1] - told[0]).abs(), new.abs() - old.abs()
    return {
        "label": float(label.max()),
        "label in the mean": float(label.mean()),
        "label in sum": float(label.sum()),
        "label, left out at the end": float(label.drop("churned").max()),
        "label in the mean, left out at the end": float(label.drop("churned").mean()),
        "own-weight": abs(own),
        "signed": abs(float(shift.mean())),
        "signed in sum": abs(float(shift.sum())),
        "relative": float((shift / old).abs().max()),
        "relative in the mean": float((shift / old).abs().mean()),
        "relative in sum": float((shift / old).abs().sum()),
        "correlation": float(along.max()),
        "correlation in the mean": float(along.mean()),
        "other-distance, of the largest": abs(float(new.abs().max() - old.abs().max())),
        "other-distance, of the means": abs(float(sizes.mean())),
        "other-distance, of the sums": abs(float(sizes.sum())),
        "other-distance, of the sizes": float(sizes.abs().max()),
        "other-distance, of the sizes in the mean": float(sizes.abs().mean()),
        "other-distance, sd": float(shift.std()),
        "other-distance, sd of all": float(shift.std(ddof=0)),
        "other-distance, range": float(shift.max() - shift.min()),
        "other-distance, median": float(shift.abs().median()),
    }


def _judge_world(said: dict[str, float], asked: Sequence[Trial]) -> Verdict | None:
    if min(said.values()) < -STILL:
        return wrong("signed", earned=int(_keeps_the_sign(said, asked)))
    if max(said[f"no {name}"] for name in GONE) < STILL:
        return wrong("never-moves")
    if idea := _idea(said, asked):
        return wrong(
            idea, earned=2 if idea == "other-distance" else 1, alone=said["no list_price"], proxy=said["no usage"]
        )
    if _keeps_the_sign(said, asked):
        return wrong("signed", earned=1)
    if said["same"] > STILL:
        return wrong("moves-by-itself", got=said["same"])
    if _counts_itself(said["shuffled discount"], next(t for t in asked if t[0] == "shuffled discount")):
        return wrong("counts-itself", earned=2, name="discount")
    if said["unit"] > STILL or abs(said["other units"] / max(said["no usage"], STILL) - 1) > 0.01:
        return wrong("raw", earned=1)
    return None


def _idea(said: dict[str, float], asked: Sequence[Trial]) -> str:
    """Name the wrong idea that gives these numbers; empty for none. Any two numbers may be close once by chance."""
    tried = {trial[0]: trial for trial in asked}
    left: list[str] | None = None
    for name in ("no usage", "no idle_days", "upside down"):
        near = [idea for idea, value in shifts(tried[name]).items() if abs(value - said[name]) < STILL / 10]
        left = near if left is None else [idea for idea in left if idea in near]
        if not left:
            return ""
    return named(left[0]) if left else ""


def _keeps_the_sign(said: dict[str, float], asked: Sequence[Trial]) -> bool:
    """Tell whether a number is the largest shift upwards, or downwards, where one to the other side is larger."""
    gone = [trial for trial in asked if trial[0].startswith("no ")]
    old = weights(gone[0][1])  # the table is the same before each
    shift = {name: (weights(after) - old).drop(changed) for name, _, after, changed in gone}
    for sign in (1, -1):
        largest = {name: float((sign * moves).max()) for name, moves in shift.items()}
        if all(abs(said[name] - value) < STILL / 10 for name, value in largest.items()):
            return any(value < float(shift[name].abs().max()) - STILL for name, value in largest.items())
    return False


def _counts_itself(said: float, trial: Trial) -> bool:
    """Tell whether the weight of the changed input is among those that a number is made of."""
    old, new = map(weights, trial[1:3])
    shift = (new - old).abs()
    return min(abs(said - value) for value in (shift.max(), shift.mean(), shift.sum())) < STILL / 10


def _judge_order(said: dict[str, float]) -> Verdict:
    """Say why numbers that are of no right measure are wrong."""
    proxy = min(said["no usage"], said["no idle_days"])
    if proxy < MARGIN * said["no discount"]:
        return wrong("importance", earned=1, alone=said["no discount"] / WORLDS, proxy=proxy / WORLDS)
    if proxy < MARGIN * said["no list_price"]:
        return wrong("correlation", earned=1, alone=said["no list_price"] / WORLDS, proxy=proxy / WORLDS)
    if said["shuffled usage"] < MARGIN * said["shuffled discount"]:
        return wrong("counts-itself", earned=2, name="discount")
    return wrong("misses-values" if said["shuffled usage"] < said["no usage"] / 2 else "other-distance", earned=2)


# Questions 2 and 3: an upstream model, its improvement, and a correction that was fitted to the first.

CONTRACT = ("tenure", "price", "contract", "region")
SEEN = ("usage", "usage_last_month", "login_days")
TRAIN, TEST, FRESH = 2000, 300, 2500
WORSE, NEEDED = 0.006, 0.005  # what the old correction must cost with `new`, and what it costs to have none
NO_WORSE = 0.0025
"""Log-loss by which a released system may be worse than before. benchmarks/tolerances/11_entanglement.py."""
CASES = 2
COUNTRIES = ({"usage": 60.0, "usage_last_month": 60.0, "price": 100.0}, {"tenure": 30.0, "login_days": 1 / 30})
ROUNDED = 6e-4  # whoever rounds to three digits is right


@dataclass(frozen=True)
class Case:
    """Tables, and the models of the two teams before the release."""

    train: pd.DataFrame
    test: pd.DataFrame
    fresh: pd.DataFrame
    old: Logistic
    new: Logistic
    correction: Logistic

    def system(self, upstream: Logistic, table: pd.DataFrame) -> NDArray[np.float64]:
        """Return what the old correction makes of an upstream model."""
        return self.correction.predict(scored(table, upstream))

    def retrained(self, table: pd.DataFrame) -> Logistic:
        """Return a correction that is learned on a table for the new upstream model."""
        return Logistic.fit(scored(table, self.new), self.correction.columns)


def scored(table: pd.DataFrame, upstream: Logistic) -> pd.DataFrame:
    """Add the score of an upstream model."""
    return table.assign(score=upstream.log_odds(table))


def loss(table: pd.DataFrame, predicted: Any) -> float:
    """Return the log-loss of predictions for a table."""
    return log_loss(table["churned"], predicted)


@lru_cache(maxsize=64)
def case(seed: int) -> Case:
    """Draw tables until the app needs a correction, the old one harms with the new model, and a new one does not."""
    rng = np.random.default_rng(seed)
    while True:
        units = COUNTRIES[int(rng.integers(len(COUNTRIES)))]
        frame = customers(TRAIN + TEST + FRESH, seed=int(rng.integers(SEED)))
        frame = frame.assign(**{name: frame[name] * unit for name, unit in units.items()})
        train, test, fresh = (
            frame[low:high].reset_index(drop=True)
            for low, high in ((0, TRAIN), (TRAIN, TRAIN + TEST), (TRAIN + TEST, TRAIN + TEST + FRESH))
        )
        old = Logistic.fit(train, CONTRACT)
        new = Logistic.fit(train, [*CONTRACT, "login_days", "tickets"])
        found = Case(train, test, fresh, old, new, Logistic.fit(scored(train, old), ["score", *SEEN]))
        now = loss(fresh, found.system(old, fresh))
        if loss(fresh, found.system(new, fresh)) < now + WORSE or loss(fresh, new.predict(fresh)) < now + NEEDED:
            continue
        if loss(fresh, found.retrained(train).predict(scored(fresh, new))) < now:
            return found


# The models do not travel: they are trained where the learner's code runs.
MODELS = """
from mldebt.churn import Logistic

old = Logistic.fit(train, contract)
new = Logistic.fit(train, [*contract, "login_days", "tickets"])
correction = Logistic.fit(train.assign(score=old.log_odds(train)), ["score", *seen_by_app])
"""
RISE = (
    MODELS
    + """
kept = test.copy()
seen = [rise(*pair, correction, test) for pair in ((old, new), (new, old), (old, old))]
seen.append(not test.equals(kept))
"""
)
ROOM = "[_space.update(tables, {name}={name}), exec(_code, _space), _space['seen']][-1]"


def asked(answer: Answer, name: str, code: str, found: Case, test: pd.DataFrame) -> Any:
    """Run code with the learner's function and the tables of a case; return what it leaves in `seen`."""
    # Of new customers nobody knows yet who leaves.
    tables = {"train": found.train, "test": test, "fresh": found.fresh.drop(columns="churned")}
    tables |= {"contract": list(CONTRACT), "seen_by_app": list(SEEN)}  # type: ignore[dict-item]
    return answer.evaluate(ROOM.format(name=name), tables=tables, _code=code, _space={})


@question(
    "rise: what an upstream improvement does to the system",
    makes="rise",
    points=2,
    hints=(
        "The app's probability is what `correction` predicts for a table to which the score of an upstream model was "
        "added.",
        "Compute the log-loss of the system twice, once for each upstream model, with the same correction. What rises "
        "has the later minus the earlier.",
    ),
    misconceptions={
        "not-a-number": "`rise` should return one number. It returned {got}.",
        "changes-data": "Your function changes the table that it is given. `assign`, as in `scored`, makes a copy.",
        "upstream-only": "You compare the two upstream models by themselves. The app's customers meet the system: the "
        "score, corrected.",
        "sign": "The size is right, the sign is not. When the log-loss grows, it rises, and your number is below 0.",
        "level": "What you return is a log-loss. By how much does it *rise*?",
        "uncorrected": "For the new upstream model you leave the correction out. On the day of the release the app "
        "still has it.",
        "retrained": "You train the correction anew, for the new score. Nothing else changes, says the question; and "
        "`test` is there to judge.",
        "probability": "The correction was trained on log-odds, and it gets another score from you. `scored` adds the "
        "right one.",
        "swapped": "`log_loss` takes what happened first, and then the probabilities. You gave them the "
        "other way round.",
        "ratio": "You divide one log-loss by the other. By how much does it rise? That is a difference.",
        "size": "I let the two upstream models change places. The system then gets better, and your number should be "
        "below 0.",
        "other": "I made two models and a correction, and the rise of the log-loss is another number. What does the "
        "correction get? Does everything come from the arguments? And is each loss the mean log-loss of the "
        "probabilities that the correction gives?",
    },
    praise="That is the number to look at before the release.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Compare with the true rise in each case: there, back, and no change at all."""
    for _ in range(CASES):
        found = case(draw.randrange(SEED))
        there, back, none, changed = asked(answer, "rise", RISE, found, found.fresh)
        if bad := [value for value in (there, back, none) if not is_number(value)]:
            return wrong("not-a-number", got=shown(bad[0]))
        ideas = rises(found)
        truth = ideas.pop("right")
        if changed:  # what was computed first is not yet spoilt by it
            return wrong("changes-data", earned=int(_near(there, truth)))
        if _near(there, truth) and _near(back, -truth) and _near(none, 0):
            continue
        if _near(there, truth) and _near(back, truth):
            return wrong("size", earned=1)
        near = [idea for idea, value in ideas.items() if abs(there - value) < ROUNDED / 10]
        if not near and any(map(_trains, ast.walk(answer.source("rise")))):
            return wrong("retrained")
        return wrong(named(near[0]) if near else "other", earned=int(near == ["sign"]))
    return right()


def _trains(node: ast.AST) -> bool:
    """Tell whether a piece of code trains a model, with `fit` or with the exercise's `correct`."""
    called = getattr(node, "func", None)
    return getattr(called, "attr", "") == "fit" or getattr(called, "id", "") == "correct"


def _near(said: Any, value: float) -> bool:
    return abs(float(said) - value) < ROUNDED


def rises(found: Case) -> dict[str, float]:
    """Return the rise of the log-loss, and what wrong ideas of it give."""
    test = found.fresh
    was, now = (loss(test, found.system(upstream, test)) for upstream in (found.old, found.new))
    again = {
        name: found.retrained(table).predict(scored(test, found.new))
        for name, table in {"train": found.train, "test": test}.items()
    }
    as_risk = [found.correction.predict(test.assign(score=m.predict(test))) for m in (found.old, found.new)]
    swapped = [log_loss(found.system(upstream, test), test["churned"]) for upstream in (found.old, found.new)]
    return {
        "right": now - was,
        "sign": was - now,
        "upstream-only": loss(test, found.new.predict(test)) - loss(test, found.old.predict(test)),
        "upstream-only, and the sign": loss(test, found.old.predict(test)) - loss(test, found.new.predict(test)),
        "level": now,
        "level before": was,
        "uncorrected": loss(test, found.new.predict(test)) - was,
        "retrained on train": loss(test, again["train"]) - was,
        "retrained on test": loss(test, again["test"]) - was,
        "probability": loss(test, as_risk[1]) - loss(test, as_risk[0]),
        "swapped": swapped[1] - swapped[0],
        "swapped, and the sign": swapped[0] - swapped[1],
        "ratio": now / was,
        "ratio, less one": now / was - 1,
        "ratio, in percent": 100 * (now / was - 1),
    }


RELEASE = (
    MODELS
    + """
kept = train.copy(), test.copy()
given = release(train, test, old, new, correction)
shape, others, app, on_test = "", None, None, None


def stops(problem, part, without_score):
    # Name what is missing where a prediction stops; raise the problem again where it is something else.
    if isinstance(problem, (KeyError, ValueError, AttributeError)) and "churned" in str(problem):
        return "reads-label/" + part
    if isinstance(problem, (KeyError, ValueError, AttributeError)) and "score" in str(problem):
        return without_score
    raise problem


if not isinstance(given, dict) or not {"others", "app", "loss"} <= set(given):
    shape = "not-a-dict"
elif not hasattr(given["others"], "predict"):
    shape = "no-model"
elif not callable(given["app"]):
    shape = "model-as-app" if hasattr(given["app"], "predict") else "no-function"
else:
    try:
        others = given["others"].predict(fresh.copy())
    except Exception as problem:
        shape = stops(problem, "others", "others-need-score")
if not shape:
    try:
        app, on_test = (given["app"](table) for table in (fresh.copy(), test.drop(columns="churned")))
    except Exception as problem:
        shape = stops(problem, "app", "no-score")
changed = not (train.equals(kept[0]) and test.equals(kept[1]))
seen = [shape, changed, others, app, on_test, given["loss"] if not shape else None]
"""
)


@question(
    "release: an improvement that harms nobody",
    makes="release",
    points=5,
    hints=(
        "Write down for yourself what the others read and what the app reads. The two need not be the same.",
        "Each remedy is a few lines: a new correction, learned from `train` on the score of `new`; one `Logistic` that "
        "has the inputs of both; or the app on `old` and everyone else on `new`.",
        '`"app"` is a function of a table: define it inside with `def app(table):` and return what a model predicts '
        "for that table. It may use the models that you have just trained.",
    ),
    misconceptions={
        "not-a-dict": '`release` should return a dict with the keys "others", "app" and "loss".',
        "no-model": '`"others"` should be a model, with a method `predict`.',
        "no-function": '`"app"` should be a function that takes a table, without a call: `app`, not `app(table)`.',
        "model-as-app": '`"app"` is a model, and no model adds the score by itself. Give a function of a table: it '
        "adds what the model needs, and returns what the model predicts.",
        "no-score": "The table that `app` gets has no score yet. Add it inside, as `scored` does, and then predict.",
        "others-need-score": 'The model in `"others"` reads a column `score`, and the tables of the other teams have '
        "none. They read the score itself: from a model that needs only the columns of the table.",
        "reads-label": '`"{part}"` reads `churned`, and stops for a table without it. In production nobody knows yet '
        "who leaves: learn from the outcomes of `train`, and predict from the other columns.",
        "not-probabilities": "`app(table)` should give a probability for each row, between 0 and 1. It gives {got}.",
        "changes-data": "Your function changes a table that it is given. `assign` makes a copy.",
        "rolled-back": "The app is safe and everyone else still reads `old`. That takes the improvement from those "
        "who can use it.",
        "others-worse": "What the others read has a log-loss of {got:.4f} on new customers, `new` has {wanted:.4f}. "
        "Do you use the tables and models that you are given, or those of the notebook?",
        "corrected-twice": "The app feeds the score of `new` into the correction for `old`, and its log-loss on new "
        "customers rises from {wanted:.4f} to {got:.4f}.",
        "upstream-only": "The app now reads the score of `new` as it is. That score is better than it was, and still "
        "not as good as what the app had: {got:.4f} on new customers, before {wanted:.4f}.",
        "tuned-on-test": "I changed who left in `test`, and the app's predictions for other customers changed. "
        "What is learned or chosen with `test` makes `test` useless for judging.",
        "wrong-pair": "The app feeds the score of `old` into a correction that was learned for `new`. On new customers "
        "its log-loss rises from {wanted:.4f} to {got:.4f}: a correction belongs to the score it was fitted to.",
        "app-worse": "On new customers the app must be no worse than before. Its log-loss was {wanted:.4f} and is now "
        "{got:.4f}. Usual causes: a column that the app sees is left out; a model is learned from a table of the "
        "notebook, and not from `train`; a correction gets another score than the one it was learned on.",
        "wrong-loss": '`"loss"` should be the log-loss of the predictions of `app` on `test`. It is {got}, and those '
        "predictions have another.",
    },
    praise="Everyone gets the improvement, the app is not harmed, and `test` has stayed clean.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Release in several cases; judge on new customers what the others get and what the app gets."""
    for _ in range(CASES):
        found = case(draw.randrange(SEED))
        shape, changed, others, app, on_test, said = asked(answer, "release", RELEASE, found, found.test)
        if shape:
            shape, _, part = str(shape).partition("/")
            return wrong(shape, part=part)
        if changed:
            return wrong("changes-data", earned=1)
        others, app, on_test = (_numbers(value) for value in (others, app, on_test))
        if len(others) != FRESH:
            return wrong("no-model")
        if problem := _no_probabilities(app, FRESH) or _no_probabilities(on_test, TEST):
            return wrong("not-probabilities", got=problem)
        favoured = _favours_the_old(found)
        outcomes = (favoured, 1 - favoured, 1 - found.test["churned"])
        for flipped in [found.test.assign(churned=left) for left in outcomes]:
            *_, again, on_flipped, said_flipped = asked(answer, "release", RELEASE, found, flipped)
            again, on_flipped = _numbers(again), _numbers(on_flipped)
            if len(again) != FRESH or not np.allclose(app, again, atol=1e-9):
                return wrong("tuned-on-test", earned=1)
        if verdict := _judge_release(found, others, app):
            return verdict
        # Twice, since the losses of two models may be close by chance.
        for told, table, seen in ((said, found.test, on_test), (said_flipped, flipped, on_flipped)):
            if not is_number(told) or not _near(told, loss(table, seen)):
                return wrong("wrong-loss", earned=3, got=shown(told))
    return right()


def _favours_the_old(found: Case) -> NDArray[np.int_]:
    """Return outcomes of `test` with which the old system is better than a new correction; turned round, it is worse.

    Whoever chooses one of them by the outcomes of `test` chooses differently, whatever the true outcomes are.
    """
    again = found.retrained(found.train).predict(scored(found.test, found.new))
    return (found.system(found.old, found.test) > again).astype(int)


def _judge_release(found: Case, others: NDArray[np.float64], app: NDArray[np.float64]) -> Verdict | None:
    fresh = found.fresh
    got, wanted = loss(fresh, others), loss(fresh, found.new.predict(fresh))
    if np.allclose(others, found.old.predict(fresh)):
        return wrong("rolled-back", earned=1)
    if got > wanted + NO_WORSE:
        return wrong("others-worse", got=got, wanted=wanted)
    got, wanted = loss(fresh, app), loss(fresh, found.system(found.old, fresh))
    if np.allclose(app, found.system(found.new, fresh)):
        return wrong("corrected-twice", earned=1, got=got, wanted=wanted)
    if np.allclose(app, found.new.predict(fresh)):
        return wrong("upstream-only", earned=1, got=got, wanted=wanted)
    if got <= wanted + NO_WORSE:
        return None
    mixed = np.allclose(app, found.retrained(found.train).predict(scored(fresh, found.old)))
    return wrong("wrong-pair" if mixed else "app-worse", earned=1, got=got, wanted=wanted)


def _numbers(value: Any) -> NDArray[np.float64]:
    """Return a Series, an array or a list as an array of numbers; an empty one where it is something else."""
    try:
        found = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return np.empty(0)
    return found if found.ndim == 1 else np.empty(0)


def _no_probabilities(values: NDArray[np.float64], rows: int) -> str:
    """Say what is wrong with values that should be probabilities, or nothing."""
    if not len(values):
        return "something else"
    if len(values) != rows:
        return f"{len(values)} values for {rows} rows"
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        return "numbers outside of that"
    return "only 0 and 1" if set(values) <= {0.0, 1.0} else ""


q4 = in_quiz(
    "nobody-left",
    makes="answer_4",
    hints=(
        "Ask of each answer: what do the six teams get, and what does billing get?",
        "To train the correction again or to merge the models, somebody must be there who can. Which of the three "
        "remedies needs only that two models run?",
    ),
)

"""What a right answer to exercise 12 does."""

import math
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mldebt.check import Answer, Verdict, in_quiz, is_integer, is_number, names_in, question, right, shown, wrong

# Question 1: scores of any type, looked at only through the two functions.

TRY = """
seen = []
for expression, names in tries:
    try:
        value = eval(expression, {"make_score": make_score, "probability": probability, **names})
        seen.append(["value", "", value])
    except Exception as error:
        seen.append(["error", type(error).__name__, None])
"""
TRIED = "[_space.update(make_score=make_score, probability=probability, tries=tries), exec(_try, _space)," + (
    " _space['seen']][-1]"
)
MADE = "make_score(value, kind)"
ASKED = "probability(make_score(value, kind))"
MISUSES = [f"s {sign} 0.6" for sign in (">", "<=", "<", ">=", "+", "-")]
MISUSES += [f"0.6 {sign} s" for sign in ("<", ">=", ">", "<=", "+", "-")]


def _tried(answer: Answer, tries: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    """Evaluate expressions where the learner's code runs; return for each whether it raised, and its value."""
    return list(answer.evaluate(TRIED, tries=tries, _try=TRY, _space={}))


@question(
    "make_score and probability: a score that says what it is",
    makes=("make_score", "probability"),
    points=3,
    hints=(
        "A score needs two parts: the number and its kind. A dataclass, a NamedTuple or a dict can hold both, and "
        "Python knows no `<` and no `+` between one of these and a number: you need not write any.",
        "`make_score` decides what may exist at all, so every test of the value belongs there. A number is finite when "
        "`math.isfinite` says so.",
        "`probability` looks at the kind and turns log-odds z into 1 / (1 + exp(-z)). What a bare number lacks is a "
        "kind, so it should stop there by itself, or because you look at its type.",
    ),
    misconceptions={
        "refuses-valid": "`make_score({value}, {kind!r})` raised {error}, and it is a possible score. A probability "
        "may be 0 or 1, log-odds may be below 0 or above 1.",
        "prints": "`probability` should return the probability, and it returned {got}.",
        "log-odds-as-is": "For log-odds your `probability` returns the log-odds themselves. That is the mistake that "
        "the type was to prevent.",
        "wrong-sign": "`probability` of the log-odds {value} is {got}. Log-odds above 0 stand for more than one half, "
        "and below 0 for less: look at the sign in the exponent.",
        "rounded": "`probability` of the score {value} as {kind!r} is {got}: it is rounded. Whoever compares it with a "
        "limit needs all of its digits.",
        "wrong-number": "`probability` of the score {value} as {kind!r} is {got}, and it should be something else. In "
        "the lesson log-odds of 0 stood for one half and 0.41 for 0.6; a probability stays what it is.",
        "not-its-own": "I made two scores, and `probability` read the first as if it were of the other's kind. The "
        "kind must be kept in the score itself.",
        "bare-number": "`probability({value})` got a bare number and returned {got}. Nobody said what kind it was: a "
        "comment or a name does not count.",
        "passes-for-a-number": "With a score `s`, `{expression}` gave {got}. A score that can be used like a number "
        "will be: somebody compares log-odds with 0.6, and nothing stops.",
        "no-error": "`{call}` returned `None` and raised no error. Whoever called it goes on with that, and finds "
        "out later or never.",
        "any-kind": "`make_score(0.3, {kind!r})` made a score of a kind that nobody knows.",
        "impossible": "`make_score({value}, 'probability')` made a probability outside 0 to 1. It is often the first "
        "sign that log-odds arrive under the wrong name.",
        "not-finite": "`make_score(float({value!r}), {kind!r})` made a score. That is no number to decide by.",
    },
    praise="A score says what it is, and a bare number no longer passes.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Make scores of both kinds, read them, misuse them."""
    share, odds = round(draw.uniform(0.1, 0.9), 3), round(draw.uniform(0.5, 4), 2)
    valid: list[tuple[Any, str]] = [(share, "probability"), (odds, "log-odds"), (-odds, "log-odds"), (0.0, "log-odds")]
    valid += [(np.float64(share), "probability"), (np.float64(-30 - 4 * odds), "log-odds"), (0, "probability")]
    valid += [(1.0, "probability")]
    for value, kind in valid[:2]:
        (what, error, _), *_ = _tried(answer, [(f"[{MADE}, 0][1]", {"value": value, "kind": kind})])
        if what == "error" and kind == "log-odds":
            return wrong("refuses-valid", earned=1, value=value, kind=kind, error=error)
        answer.evaluate(ASKED, value=value, kind=kind)  # what it raises is told as the learner's own
    seen = _tried(answer, [(ASKED, {"value": value, "kind": kind}) for value, kind in valid])
    for (value, kind), (what, error, got) in zip(valid, seen, strict=True):
        if what == "error":
            return wrong("refuses-valid", earned=1, value=value, kind=kind, error=error)
        if not is_number(got):
            return wrong("prints", got=shown(got))
        target = value if kind == "probability" else 1 / (1 + math.exp(-value))
        if not math.isclose(got, target, abs_tol=1e-9):
            if kind == "log-odds" and got == value:
                return wrong("log-odds-as-is")
            why = "rounded" if math.isclose(got, target, abs_tol=0.006) else "wrong-number"
            why = "wrong-sign" if kind == "log-odds" and math.isclose(got, 1 - target, abs_tol=1e-9) else why
            return wrong(why, value=f"{value:g}", kind=kind, got=f"{got:g}")
    both = {"value": share, "kind": "probability", "other": odds, "its": "log-odds"}
    (what, _, got), *_ = _tried(answer, [(f"[probability(s) for s, _ in [({MADE}, make_score(other, its))]][0]", both)])
    if what == "error" or not math.isclose(got, share, abs_tol=1e-9):
        return wrong("not-its-own", earned=1)
    for value in (share, odds, -odds, np.float64(share)):
        (what, _, got), *_ = _tried(answer, [("probability(value)", {"value": value})])
        if what == "value":
            return wrong("bare-number", earned=1, value=f"{value:g}", got=shown(got))
    for expression in MISUSES:
        code = f"[{expression} for s in [{MADE}]][0]"
        for value, kind in valid[:2]:
            (what, _, got), *_ = _tried(answer, [(code, {"value": value, "kind": kind})])
            if what == "value":
                return wrong("passes-for-a-number", earned=1, expression=expression, got=shown(got))
    bad: list[tuple[str, Any, str]] = [
        ("any-kind", 0.3, kind) for kind in (draw.choice(("percent", "odds")), "", "prob")
    ]
    bad += [("impossible", value, "probability") for value in (round(1 + odds / 3, 2), -share, 1.0001)]
    bad += [("not-finite", math.nan, "probability"), ("not-finite", math.nan, "log-odds")]
    bad += [("not-finite", math.inf, "log-odds"), ("not-finite", -math.inf, "log-odds")]
    for misconception, value, kind in bad:
        (what, _, got), *_ = _tried(answer, [(f"{MADE} is None", {"value": value, "kind": kind})])
        if what == "value":
            if got:
                written = value if math.isfinite(value) else f"float({str(value)!r})"
                return wrong("no-error", earned=2, call=f"make_score({written}, {kind!r})")
            written = str(value) if misconception == "not-finite" else value
            return wrong(misconception, earned=2, value=written, kind=kind)
    return right()


# Question 2: who is hit by a change. Reference and answer look at the same table.

ROWS = 400
CLEAR = 3  # customers by which two shares must differ for a consumer to allow something between them
NEARER = 0.35  # of the way from what the other rule takes for the share to the true one
CONSUMERS = ("letters", "audit", "app", "sales", "planning", "web", "shops", "support")
Contract = dict[str, float]
Rule = Callable[[Contract, "pd.Series[float]", "pd.Series[float]"], float]


def _acts(does: Contract, scores: "pd.Series[float]") -> "pd.Series[bool]":
    if "above" in does:
        return scores > does["above"]
    return scores.rank() > len(scores) - does["top"]


def share(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    """Return the share of customers whom a consumer treats otherwise."""
    return float((_acts(does, old) != _acts(does, new.reindex(old.index))).mean())


def _net(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return abs(float(_acts(does, old).mean() - _acts(does, new).mean()))


def _one_sided(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return float((_acts(does, old) & ~_acts(does, new.reindex(old.index))).mean())


def _by_position(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return float((_acts(does, old).to_numpy() != _acts(does, new).to_numpy()).mean())


def _of_those(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return share(does, old, new) / max(float(_acts(does, old).mean()), 1e-9)


def _lowest(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return share(does, old, new) if "above" in does else share(does, -old, -new)


def _any(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return 1.0 if share(does, old, new) else 0.0


def _values(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return float((old != new.reindex(old.index)).mean())


def _gained(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return _one_sided(does, new, old)


def _one_sided_by_position(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return float((_acts(does, old).to_numpy() & ~_acts(does, new).to_numpy()).mean())


RULES: dict[str, Rule] = {
    "net-change": _net,
    "one-sided": _one_sided,
    "by-position": _by_position,
    "share-of-those": _of_those,
    "lowest": _lowest,
    "any-change": _any,
    "values": _values,
}
"""What people compute in place of the share, and what it is for one consumer."""
EXERCISE: Contract = {"above": 0.6, "top": 150, "allows": 0.01}
Hit = Callable[[Contract, "pd.Series[float]", "pd.Series[float]"], bool]


def _hit_by(rule: Rule) -> Hit:
    return lambda does, old, new: rule(does, old, new) > does["allows"]


def _as_in_exercise(does: Contract, *words: str) -> Contract:
    return does | {word: EXERCISE[word] for word in words if word in does}


def _one_for_all(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> float:
    return share(_as_in_exercise(does, "above", "top"), old, new)


def _typed_in(*words: str) -> Hit:
    """Return who is hit where these words of every contract are as in the exercise."""

    def hit(does: Contract, old: "pd.Series[float]", new: "pd.Series[float]") -> bool:
        taken = _as_in_exercise(does, *words)
        return share(taken, old, new) > taken["allows"]

    return hit


IDEAS: list[tuple[str, str, Hit]] = [
    *(("typed-in", f"`{word}`", _typed_in(word)) for word in EXERCISE),
    ("typed-in", "`above` and `top`", _typed_in("above", "top")),
    ("typed-in", "contract", _typed_in(*EXERCISE)),
    ("rounded", "", lambda does, old, new: round(share(does, old, new), 2) > does["allows"]),
    ("rounded", "", lambda does, old, new: np.round(share(does, old, new), 2) > does["allows"]),  # halves otherwise
    *((name, "", _hit_by(rule)) for name, rule in RULES.items()),
    ("one-sided", "", _hit_by(_gained)),
    ("by-position", "", _hit_by(_one_sided_by_position)),
]
"""Misconceptions of who is hit; for the second word see the message."""


def releases(draw: Random) -> list[tuple["pd.Series[float]", "pd.Series[float]"]]:
    """Draw the probabilities of a month and what four changes make of them, each in an order of its own."""
    rng = np.random.default_rng(draw.randrange(2**32))
    who = rng.choice(np.arange(1000, 9000), ROWS, replace=False)
    odds = pd.Series(rng.normal(-1, 1.5, ROWS), index=who)
    retrained = [odds + by + rng.normal(0, 0.4, ROWS) for by in (0.0, -0.2)]
    changed = map(_share, (odds + 0.3, odds - 0.3, *retrained))
    return [(_share(odds), new.iloc[rng.permutation(ROWS)]) for new in changed]


def _share(odds: "pd.Series[float]") -> "pd.Series[float]":
    shares: pd.Series[float] = 1 / (1 + np.exp(-odds))  # type: ignore[assignment]
    return shares


def contracts(draw: Random, at: int, old: "pd.Series[float]", new: "pd.Series[float]") -> dict[str, Contract]:
    """Draw consumers. Each allows a share between the true one and what another rule takes for it, where they differ.

    The four changes of `releases` in turn, numbered by `at`, tell all rules from the true one.
    """
    made: dict[str, Contract] = {}
    rules = [*RULES.values(), _one_for_all]
    for place, name in enumerate(draw.sample(CONSUMERS, len(CONSUMERS))):
        rule = rules[(place // 2 + 4 * (at % 2)) % len(rules)]
        for _ in range(10):
            does: Contract = (
                {"above": round(draw.uniform(0.3, 0.6), 2)} if place % 2 else {"top": draw.randrange(60, 160)}
            )
            true, rival = share(does, old, new), rule(does, old, new)
            clear = abs(rival - true) * ROWS >= CLEAR
            if clear:
                break
        allows = rival + NEARER * (true - rival) if clear else true + draw.choice((-1.5, 1.5)) / ROWS
        made[name] = does | {"allows": max(allows, 0.5 / ROWS)}
    return made


def _many(draw: Random) -> dict[str, Contract]:
    """Draw many consumers, of all sorts. What each allows lies between two shares that there can be."""
    made: dict[str, Contract] = {}
    for number in range(60):
        does: Contract = {"above": draw.uniform(0.1, 0.9)} if number % 2 else {"top": draw.randrange(20, 380)}
        made[f"{number}"] = does | {"allows": (draw.randrange(40) + 0.5) / ROWS}
    return made


EDGE_OLD = pd.Series([0.6, 0.1, 0.2, 0.9], index=[11, 12, 13, 14])
EDGE_NEW = pd.Series([0.95, 0.92, 0.2, 0.1], index=[14, 11, 13, 12])
"""One of four customers is exactly at billing's limit, and then above it."""


def edges() -> list[tuple[dict[str, Contract], "pd.Series[float]", "pd.Series[float]", set[str]]]:
    """Return hand-made releases with who is hit: a customer at a limit, a share that is just allowed."""
    at_limit = {"billing": {"above": 0.6, "allows": 0.125}, "letters": {"above": 0.6, "allows": 0.25}}
    swapped = EDGE_NEW.rename({14: 12, 12: 14})
    top = {"calls": {"top": 2, "allows": 0.25}, "sales": {"top": 2, "allows": 0.5}, "web": {"top": 3, "allows": 0.25}}
    top["app"] = {"top": 4, "allows": 0.0}
    return [(at_limit, EDGE_OLD, EDGE_NEW, {"billing"}), (top, EDGE_OLD, swapped, {"calls", "web"})]


EIGHT = pd.Series([0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.6, 0.7], index=range(21, 29))
FOUR = pd.Series([0.1, 0.2, 0.8, 0.9], index=[11, 12, 13, 14])
PROBES = {
    f"{key} {allows}": {key: value, "allows": allows}
    for key, value in (("above", 0.5), ("top", 2))
    for allows in (0.01, 5e-4)
}
"""Consumers of four customers, to tell apart what names all or nobody."""


@question(
    "affected: whom a change would hit",
    makes="affected",
    points=4,
    hints=(
        "Write a helper first: given one contract and the scores, which customers does the consumer act on? A Series "
        "of True and False will do, one for each customer.",
        "`top` is about the order: `scores.rank()` or `scores.nlargest(...)`. Then compare, customer by customer, "
        "what the helper says of `old` and of `new`.",
        "`new` has its customers in another order. `new.reindex(old.index)` brings them into the order of `old`; the "
        "mean of a Series of True and False is a share.",
    ),
    misconceptions={
        "not-names": "`affected` should return a list of names, empty when nobody is hit. It returned {got}.",
        "changes-data": "Your function changes what it is given. Work on copies, or compute new values.",
        "fixed-names": "I asked with other consumers, and your function named those of the exercise or none. Go "
        "through the consumers that it is given.",
        "fixed-size": "It is as if the table always had as many customers as the one of the exercise. Divide by the "
        "number of customers that you are given.",
        "turned": "It names the consumers for whom the change is within what they allow.",
        "by-position": "Your function compares the first customer of `old` with the first of `new`, who is somebody "
        "else. Match them by the index.",
        "net-change": "It compares how many customers a consumer acts on before and after. When ten come and ten go, "
        "the number is the same and twenty are treated otherwise.",
        "one-sided": "It counts only those who are dropped, or only those who are new. Both are treated otherwise.",
        "share-of-those": "The share is taken of those whom a consumer acts on. `allows` is a share of all customers.",
        "typed-in": "It is as if every consumer had the {what} of the exercise. Each declares its own: read it from "
        "the contract that you are given.",
        "rounded": "You round the share before you compare it. A share of 0.012 is more than one of 0.01.",
        "lowest": "For those who take the top it takes the customers with the lowest probabilities.",
        "any-change": "It names everybody for whom one customer or more is treated otherwise. Each consumer said how "
        "much may change.",
        "values": "It names consumers who treat everybody as before, with other probabilities. What counts is whether "
        "a consumer decides otherwise.",
        "top-wrong": "It is right about those who act above a limit, and not about those who take the top.",
        "above-wrong": "It is right about those who take the top, and not about those who act above a limit. Each has "
        "one of its own.",
        "at-the-limit": "Away from the limits it is right, and exactly at one it is not. `above` means above, `top` "
        "is exactly that many, and hit is who has *more* than the share that is allowed.",
        "other": "I asked about consumers of my own, and {count} of {of} answers are wrong. Print for each of yours on "
        "whom it acts before and after, and match the customers by the index.",
    },
    praise="You know whom a release would hit before it is out.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Ask about three changes with consumers of their own, then about edges."""
    asked, said, answers = [], [], []
    for at, (old, new) in enumerate(releases(draw)):
        consumers = contracts(draw, at, old, new)
        # What it raises is told without the two tables, which a call would write out.
        answer.evaluate("affected(consumers, old, new)", consumers=consumers, old=old, new=new)
        call = answer.call("affected", consumers, old, new)
        names = names_in(call.value)
        if names is None:
            return wrong("not-names", got=shown(call.value))
        if call.changed:
            return wrong("changes-data")
        asked.append((consumers, old, new))
        said.append(names)
        answers.append({name for name, does in consumers.items() if share(does, old, new) > does["allows"]})
    if said != answers:
        return _why_other(answer, draw, asked, said, answers)
    for consumers, old, new, hit in edges():
        if names_in(answer.call("affected", consumers, old, new).value) != hit:
            return wrong("at-the-limit", earned=3)
    eighth = answer.call("affected", {"planning": {"above": 0.5, "allows": 0.122}}, EIGHT, EIGHT.replace(0.2, 0.9))
    return right() if names_in(eighth.value) == {"planning"} else wrong("rounded", earned=1)


def _why_other(
    answer: Answer, draw: Random, asked: list[Any], said: list[set[str]], answers: list[set[str]]
) -> Verdict:
    """Name the rule that would have given these names."""
    if any(not names <= set(consumers) for names, (consumers, _, _) in zip(said, asked, strict=True)):
        return wrong("fixed-names")
    if said == [set(consumers) - hit for (consumers, _, _), hit in zip(asked, answers, strict=True)]:
        return wrong("turned", earned=1)
    if names_in(answer.call("affected", PROBES, FOUR, FOUR + 0.05).value) == set(PROBES):  # nobody decides otherwise
        return wrong("values", earned=1)
    swapped = FOUR.rename({11: 14, 14: 11}).reindex(FOUR.index)  # two of four are treated otherwise
    strict = {name for name, does in PROBES.items() if does["allows"] < 2 / 1500}
    if names_in(answer.call("affected", PROBES, FOUR, swapped).value) == strict:
        return wrong("fixed-size", earned=1)
    old = asked[0][1]
    ends = {old.idxmin(): old.idxmax(), old.idxmax(): old.idxmin()}
    both = [*((old, new) for _, old, new in asked), (old, old.rename(ends))]  # the last one moves two customers only
    many = [(_many(draw), *pair) for pair in both]  # since two ideas may agree on a few consumers
    said_of_many = [names_in(answer.call("affected", *each).value) for each in many]
    for misconception, what, hit in IDEAS:
        told = [{name for name, does in group.items() if hit(does, *pair)} for group, *pair in (*asked, *many)]
        if told == [*said, *said_of_many]:
            return wrong(misconception, earned=1, what=what)
    if not any(said):
        return wrong("fixed-names")
    mistaken = [
        "above" in consumers[name]
        for (consumers, _, _), names, hit in zip(asked, said, answers, strict=True)
        for name in names ^ hit
    ]
    if not any(mistaken):
        return wrong("top-wrong", earned=2)
    if all(mistaken):
        return wrong("above-wrong", earned=2)
    return wrong("other", earned=1, count=len(mistaken), of=sum(len(consumers) for consumers, *_ in asked))


def _cut(text: str) -> str:
    return text.rstrip(".") if len(text) <= 160 else f"{text[:160]}..."


# Questions 3 and 4: a stand-in for MLflow's client, made where the learner's code runs. The benchmark of this unit's
# tolerances compares it with MLflow itself.

REGISTRY = """
import re
from types import SimpleNamespace

try:
    from mlflow.exceptions import MlflowException as Problem
except Exception:
    Problem = LookupError


class Client:
    def __init__(self, models, generous):
        self.models = {
            name: SimpleNamespace(
                versions={int(number): dict(tags) for number, tags in given["versions"]},
                aliases={alias: int(number) for alias, number in given["aliases"]},
            )
            for name, given in models.items()
        }
        self.generous, self.lost = generous, []

    def _model(self, name):
        if name not in self.models:
            raise Problem(f"Registered Model with name={name} not found")
        return self.models[name]

    def _tags(self, name, version):
        versions = self._model(name).versions
        if int(version) not in versions:
            raise Problem(f"Model Version (name={name}, version={version}) not found")
        return versions[int(version)]

    def _made(self, name, number, known=True):
        model = self._model(name)
        aliases = [alias for alias, at in model.aliases.items() if at == number] if known else []
        tags = dict(self._tags(name, number))
        return SimpleNamespace(
            name=name, version=number, tags=tags, aliases=aliases, current_stage="None", status="READY", run_id=None,
            source=f"models/{number}", description=None, creation_timestamp=number, last_updated_timestamp=number,
        )

    def get_model_version(self, name, version):
        self._tags(name, version)
        return self._made(name, int(version))

    def get_model_version_by_alias(self, name, alias):
        model = self._model(name)
        if alias not in model.aliases:
            raise Problem(f"Registered model alias {alias} not found.")
        return self._made(name, model.aliases[alias])

    def get_registered_model(self, name):
        model = self._model(name)
        latest = [self._made(name, max(model.versions), self.generous)] if model.versions else []
        aliases = dict(model.aliases)
        return SimpleNamespace(name=name, aliases=aliases, latest_versions=latest, tags={}, description=None)

    def search_registered_models(self, filter_string=None, max_results=100, order_by=None, page_token=None):
        return [self.get_registered_model(name) for name in self._filtered(filter_string)][:max_results]

    def search_model_versions(self, filter_string=None, max_results=10000, order_by=None, page_token=None):
        found = [
            self._made(name, number, self.generous)
            for name in self._filtered(filter_string)
            for number in sorted(self.models[name].versions, reverse=True)
        ]
        for order in order_by or []:
            if order.split()[0] == "version_number":
                found.sort(key=lambda version: version.version, reverse=order.upper().endswith("DESC"))
        return found[:max_results]

    def _filtered(self, filter_string):
        if not filter_string:
            return list(self.models)
        parts = re.fullmatch(r"\\s*name\\s*=\\s*(['\\"])([^'\\"]*)\\1\\s*", filter_string)
        if not parts:
            raise Problem(f"the client of the check filters only on the name, not by {filter_string!r}")
        return [name for name in self.models if name == parts[2]]

    def set_model_version_tag(self, name, version=None, key=None, value=None, stage=None):
        self._tags(name, version)[str(key)] = str(value)

    def delete_model_version_tag(self, name, version=None, key=None, stage=None):
        self._tags(name, version).pop(key, None)
        self.lost.append(f"deletes the tag {key}")

    def set_registered_model_alias(self, name, alias, version):
        self._tags(name, version)
        self._model(name).aliases[alias] = int(version)
        self.lost.append("moves an alias")

    def delete_registered_model_alias(self, name, alias):
        self._model(name).aliases.pop(alias, None)
        self.lost.append("takes an alias away")

    def delete_model_version(self, name, version):
        self._tags(name, version)
        model = self._model(name)
        del model.versions[int(version)]
        model.aliases = {alias: at for alias, at in model.aliases.items() if at != int(version)}
        self.lost.append("deletes a version")

    def delete_registered_model(self, name):
        self._model(name)
        del self.models[name]
        self.lost.append("deletes a model")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise Problem(f"the client of the check has no method {name}, only those for versions, tags and aliases")


def as_asked_for(client, name, version):
    if client.get_model_version(name, version).aliases:
        raise ValueError(f"version {version} is in use")
    client.set_model_version_tag(name, version, "status", "archived")


client = Client(models, generous)
names = getattr(function, "__globals__", {})
own = {"archive": names["archive"]} if "archive" in names else {}
if mended:
    names["archive"] = as_asked_for
value, error, kinds, said = None, "", [], ""
try:
    value = function(client, *arguments)
except Exception as problem:
    error, said = type(problem).__name__, " ".join(str(problem).split())
    kinds = [kind.__name__ for kind in type(problem).__mro__]
if mended:
    del names["archive"]
    names.update(own)
tags = {name: [[number, tags] for number, tags in model.versions.items()] for name, model in client.models.items()}
seen = {"value": value, "error": error, "kinds": kinds, "said": said, "tags": tags, "lost": client.lost}
"""
RUN = "[_space.update(given, function={0}), exec(_made, _space), _space['seen']][-1]"
Models = dict[str, dict[str, Any]]


def registry(draw: Random, count: int) -> tuple[str, Models]:
    """Draw a registry of three models; return the name of one of them, and all."""
    names = ["churn", *draw.sample(("fraud", "demand", "price-check", "churn-of-shops"), 2)]
    models: Models = {}
    for name in names:
        low = draw.sample(range(10, 100), min(count // 2, 60))  # numbers of two and of three digits
        caught = low + draw.sample(range(100, 100 + 2 * count), count - len(low))
        draw.shuffle(caught)
        versions = [[number, {"caught": str(value)}] for number, value in enumerate(caught, 1)]
        models[name] = {"versions": versions, "aliases": []}
    return names[1], models


def _run(
    answer: Answer, function: str, arguments: list[Any], models: Models, *, generous: bool = False, mended: bool = False
) -> Any:
    """Call a function with a client for these models: `generous`, it fills in the aliases of what a search finds.

    With `mended`, what the function calls `archive` is a right one.
    """
    given = {"arguments": arguments, "models": models, "generous": generous, "mended": mended}
    return answer.evaluate(RUN.format(function), given=given, _made=REGISTRY, _space={})


def _archived(seen: Any, name: str) -> set[int]:
    return {number for number, tags in seen["tags"].get(name, []) if tags.get("status") == "archived"}


def _touched(seen: Any, models: Models) -> dict[str, set[int]]:
    """Return for each model the versions whose tags are other than they were."""
    before = {name: dict(given["versions"]) for name, given in models.items()}
    after = {name: dict(seen["tags"].get(name, [])) for name in models}
    found = {name: {at for at, tags in before[name].items() if after[name].get(at) != tags} for name in models}
    return {name: numbers for name, numbers in found.items() if numbers}


@question(
    "archive: refuse while somebody uses it",
    makes="archive",
    points=3,
    hints=(
        "Which aliases point to the version? Two objects know: the version that `get_model_version` returns, and the "
        "model that `get_registered_model` returns. Print both for version 4.",
        "First look, then raise, and only after that set the tag: `client.set_model_version_tag` takes the name, the "
        "version, a key and a value.",
    ),
    misconceptions={
        "stops": "For a version that nobody uses your function stopped with {error}: {said}.",
        "other-model": "Your function looks at the aliases of another model than `name`, or of all models.",
        "refuses-free": "A version that no alias points to was refused. Others in the same model were in use; look at "
        "where their aliases point.",
        "no-tag": "The version that nobody uses does not have its tag `status` set to `archived`. Its tags are {got}.",
        "other-version": "Your function changes the tags of another version or model than the one that it is given.",
        "deletes": "Your function {lost}. `archive` sets one tag and touches nothing else, so that it harms nobody.",
        "other-tags": "Besides `status` your function changes other tags of the version. They are now {got}.",
        "search-has-no-aliases": "You look for aliases in the result of a search. It has the attribute and leaves it "
        "empty, so nothing is ever refused.",
        "archives-in-use": "An alias pointed to the version, and your function archived it without an error. Print "
        "what you compare: a number and a text are never equal.",
        "quiet": "The version in use was not archived, and no error was raised. Whoever called your function believes "
        "that it was.",
        "other-error": "For a version in use your function raised {error}. A `ValueError` is what is asked for.",
        "tags-first": "The error came, and the version is archived all the same. Look before you set the tag.",
        "names-nobody": "The error says `{said}`. It must name every alias that points to the version: that is whom "
        "one has to ask. An alias of another version does not belong there.",
    },
    praise="Whoever wants to archive it learns whom to ask.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Archive a version that nobody uses, then try some that somebody uses."""
    name, models = registry(draw, 8)
    numbers = draw.sample(range(1, 9), 4)
    free, one, two, older = numbers
    aliases = draw.sample(("billing", "calls", "audit", "letters", "sales"), 5)
    models[name]["aliases"] = list(zip(aliases, (one, two, two, two, older), strict=True))
    other = next(each for each in models if each != name)
    models[other]["aliases"] = [["champion", free]]
    seen = _run(answer, "archive", [name, free], models)
    if seen["lost"]:
        return wrong("deletes", lost=seen["lost"][0])
    if seen["error"] == "ValueError":
        alone = _run(answer, "archive", [name, free], models | {other: models[other] | {"aliases": []}})
        return wrong("refuses-free" if alone["error"] else "other-model", earned=1)
    if seen["error"]:
        return wrong("stops", error=seen["error"], said=_cut(seen["said"]))
    touched = _touched(seen, models)
    if touched and touched != {name: {free}}:
        return wrong("other-version")
    tags = dict(seen["tags"][name])[free]
    if _archived(seen, name) != {free}:
        return wrong("no-tag", got=shown(tags))
    if tags != dict(models[name]["versions"])[free] | {"status": "archived"}:
        return wrong("other-tags", earned=1, got=shown(tags))
    for version in (one, two):
        seen = _run(answer, "archive", [name, version], models)
        held = [alias for alias, at in models[name]["aliases"] if at == version]
        verdict = _judge_refusal(seen, name, version, held, set(aliases))
        if verdict == "archives-in-use":
            known = _run(answer, "archive", [name, version], models, generous=True)
            verdict = "search-has-no-aliases" if known["error"] else verdict
        if verdict:
            said = _cut(seen["said"])
            lost = seen["lost"][0] if seen["lost"] else ""
            return wrong(verdict, earned=1, error=seen["error"], said=said, lost=lost)
    return right()


def _judge_refusal(seen: Any, name: str, version: int, held: list[str], aliases: set[str]) -> str | None:
    """Return what is wrong with how a version in use was refused, or None."""
    if seen["lost"]:
        return "deletes"
    archived = version in _archived(seen, name)
    if not seen["error"]:
        return "archives-in-use" if archived else "quiet"
    if "ValueError" not in seen["kinds"]:
        return "other-error"
    if archived:
        return "tags-first"
    if {alias for alias in aliases if alias in seen["said"]} != set(held):
        return "names-nobody"
    return None


@question(
    "tidy: keep the best, and what is in use",
    makes="tidy",
    points=4,
    hints=(
        "Three steps: all versions of the model, best first; cut off the best; archive the rest, except those in use.",
        "`search_model_versions` takes a filter such as `\"name = 'churn'\"`. Tags are texts: which one of "
        "`'98'` and `'102'` is larger?",
        "Your `archive` raises an error for a version in use. Catch it and go on, or look beforehand. Note the number "
        "of each version that was archived.",
    ),
    misconceptions={
        "stops": "Your function stopped with {error}: {said}.",
        "stops-at-first": "At the first version in use your function stopped with the error of `archive`, and the rest "
        "of the registry was left as it was.",
        "deletes": "Your function {lost}. Archiving sets a tag, which can be taken back.",
        "other-models": "It ranks or archives versions of another model than the one that it is given.",
        "gap": "Version numbers have gaps: one was deleted. Go through the versions that the search returns.",
        "already-archived": "Some versions were archived before your function was called. Rank and return them like "
        "any other.",
        "search-has-no-aliases": "It archives versions in use: the versions that come from a search have no aliases "
        "filled in. Ask for each version, or ask the model.",
        "archives-in-use": "It archives versions that an alias points to.",
        "worst": "It keeps the versions with the lowest `caught`.",
        "newest": "It keeps the newest versions. New is not the same as good.",
        "text-order": "The versions are in the order of texts, in which `'98'` comes after `'102'`. A tag must become "
        "a number first.",
        "seats": "The versions in use and the best are counted against each other. Of all versions the `max_versions` "
        "best stay, in use or not, and besides them whatever is in use.",
        "keeps-all-for-zero": "With `max_versions` = 0 every version that is not in use should go, and your function "
        "keeps them all. Follow the 0 through it.",
        "archive-first": "With an answer to q3 that does what it should, `tidy` is right. Mend your `archive` first.",
        "other": "Of {of} versions, with `max_versions` = {limit}, it archives {count}. {off}.",
        "no-tag": "It archives nothing: no version has its tag `status` set to `archived`.",
        "returns-nothing": "The right versions are archived. The function should also return their numbers in a list, "
        "and it returns {got}.",
        "returns-other": "The right versions are archived, and the list that it returns holds others.",
    },
    praise="The best stay, nobody loses a model, and the registry is small.",
)
def q4(answer: Answer, draw: Random) -> Verdict:
    """Tidy registries of two sizes, some with a peculiarity, then one with room for none and one with room for all."""
    plain = ((200, draw.randrange(5, 30), ""), (9, 0, ""), (9, 1, ""), (9, 9, ""), (9, 12, ""))
    for count, limit, peculiarity in ((30, 8, ""), (30, 8, "gap"), (30, 8, "already-archived"), *plain):
        name, models = registry(draw, count)
        if peculiarity == "gap":
            del models[name]["versions"][draw.randrange(count - 1)]  # any but the newest
        order = [number for number, _ in sorted(models[name]["versions"], key=lambda v: -int(v[1]["caught"]))]
        best = (0, 1) if limit > 1 else (3, 4)  # where hardly one stays, the best is in nobody's use
        used = {order[at] for at in (*best, -3, -1)}
        already = {order[2], order[-2]} if peculiarity == "already-archived" else set()
        for number, tags in models[name]["versions"]:
            if number in already:
                tags["status"] = "archived"
        aliases = [f"reader-{number}" for number in used]
        models[name]["aliases"] = list(zip(aliases, used, strict=True))
        arguments = [name, limit]
        seen = _run(answer, "tidy", arguments, models)
        wanted = set(order[limit:]) - used
        verdict = _why_not_tidy(seen, name, models, wanted, used, limit, already)
        if verdict == "archives-in-use":
            known = _run(answer, "tidy", arguments, models, generous=True)
            verdict = "search-has-no-aliases" if not known["error"] and not _archived(known, name) & used else verdict
        if verdict == "other":
            alone = {each: given if each == name else {"versions": [], "aliases": []} for each, given in models.items()}
            known = _run(answer, "tidy", arguments, alone)
            verdict = "other-models" if _archived(known, name) != _archived(seen, name) else verdict
        if verdict:
            verdict = peculiarity or verdict  # without it all was right
            mended = _run(answer, "tidy", arguments, models, mended=True)
            if not _why_not_tidy(mended, name, models, wanted, used, limit, already):
                return wrong("archive-first", earned=2)
            said = _cut(seen["said"])
            lost = seen["lost"][0] if seen["lost"] else ""
            late = ("gap", "already-archived", "keeps-all-for-zero", "returns-nothing", "returns-other")
            earned = 2 if verdict in late else 1
            earned = 0 if verdict in ("stops", "deletes", "no-tag") else earned
            gone = _archived(seen, name)
            told: dict[str, Any] = {"of": count, "limit": limit, "count": len(gone), "off": _off(gone, wanted)}
            got = shown(seen["value"])
            return wrong(verdict, earned=earned, error=seen["error"], said=said, lost=lost, got=got, **told)
    return right()


def _off(archived: set[int], wanted: set[int]) -> str:
    """Say which versions were left, or archived, by mistake."""
    parts = {"These should go too": wanted - archived, "These should stay": archived - wanted}
    return ". ".join(
        f"{what}: {', '.join(map(str, sorted(numbers)[:5]))}{' and more' if len(numbers) > 5 else ''}"
        for what, numbers in parts.items()
        if numbers
    )


def _why_not_tidy(
    seen: Any, name: str, models: Models, wanted: set[int], used: set[int], limit: int, already: set[int]
) -> str | None:
    """Return what is wrong with a tidied registry, or None."""
    archived = _archived(seen, name)
    if seen["lost"]:
        return "deletes"
    if seen["error"]:
        return "stops-at-first" if "ValueError" in seen["kinds"] and "reader-" in seen["said"] else "stops"
    if set(_touched(seen, models)) - {name}:
        return "other-models"
    if archived | already != wanted | already:
        return _why_other_versions(archived, models[name]["versions"], wanted, used, limit)
    value = seen["value"]
    if not isinstance(value, list | tuple | set) or not all(is_integer(v) or isinstance(v, str) for v in value):
        return "returns-nothing"
    return None if sorted(str(number) for number in value) == sorted(map(str, wanted)) else "returns-other"


def _why_other_versions(archived: set[int], versions: Any, wanted: set[int], used: set[int], limit: int) -> str:
    """Name the rule that archives these versions."""
    caught = {number: tags["caught"] for number, tags in versions}
    orders = {
        "worst": sorted(caught, key=lambda number: int(caught[number])),
        "newest": sorted(caught, reverse=True),
        "text-order": sorted(caught, key=caught.__getitem__, reverse=True),
    }
    best = sorted(caught, key=lambda number: -int(caught[number]))
    for misconception, order in orders.items():
        if limit and archived - used == set(order[limit:]) - used:
            return misconception
    if archived & used:
        return "archives-in-use"
    free = [number for number in best if number not in used]
    if limit and archived in (set(free[limit:]), set(free[max(limit - len(used), 0) :])):
        return "seats"
    if not archived and limit == 0:
        return "keeps-all-for-zero"
    return "other" if archived else "no-tag"


q5 = in_quiz("old-alias", makes="answer_5")

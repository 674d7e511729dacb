"""What a right answer to exercise 15 does."""

from random import Random
from typing import Any

import numpy as np
import pandas as pd

from mldebt.check import Answer, BrokeError, TimedOutError, Verdict, in_quiz, question, right, shown, wrong
from mldebt.churn import FEATURES, Drift, customers, exit_calls, in_minutes, silent_zeros

ROWS = 2000
WORDS = ("unit", "zeros", "leak", "reasons", "nothing")
ROUNDS = 4  # in each, one Monday of every kind
ALLOWED = 2  # mistakes in 20, not two of a kind
# Which column is hit goes round, so that whoever looks at one of them misses as many in every grading.
IN_MINUTES = ("usage", "usage_last_month", "login_days", "usage_last_month")
ZERO = ("usage", "login_days", "usage_last_month", "login_days")
# What people use in the country of a Monday, so that a limit in hours holds in some of them only.
COUNTRY = (1.0, 20.0, 0.05, 20.0)
# On most Mondays when nothing happened about as many left as when the reasons changed.
MORE_LEFT = (0.5, 0.5, 0.0, 0.5)
WRITTEN_LATE = ("form_7", "exit_calls", "visits_to_branch", "refunds")
# What stands there when nothing happened to the data: 0 in both tables, or what goes along with leaving in both.
NO_LEAK = ("newsletters", "complaints", "newsletters", "complaints")


def sample(draw: Random, concept: float = 0.0, base_rate: float = 0.0) -> pd.DataFrame:
    """Draw the customers of a month, as the task says: what they are, and whether they left."""
    drift = Drift(concept=concept, base_rate=base_rate)
    return customers(ROWS, seed=draw.randrange(10**6), drift=drift)[[*FEATURES, "churned"]]


def mondays(draw: Random, number: int) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """Draw one Monday of every kind: the tables of before and of today."""
    before, today, seed = sample(draw), sample(draw), draw.randrange(10**6)
    reasons, quiet = sample(draw, concept=1), sample(draw, base_rate=MORE_LEFT[number])
    late = {"exit_calls": WRITTEN_LATE[number]}
    rng = np.random.default_rng(seed)

    def further(table: pd.DataFrame) -> pd.DataFrame:
        said = rng.poisson(3 + 3 * table["churned"]) if NO_LEAK[number] == "complaints" else 0
        return table.assign(**{NO_LEAK[number]: said})

    drawn = {
        "unit": (before, in_minutes(today, draw.uniform(0.2, 0.45), seed=seed, column=IN_MINUTES[number])),
        "zeros": (before, silent_zeros(today, draw.uniform(0.15, 0.4), seed=seed, column=ZERO[number])),
        "leak": (
            exit_calls(before, seed=seed).rename(columns=late),
            exit_calls(today, seed=seed, known=False).rename(columns=late),
        ),
        "reasons": (further(before), further(reasons)),
        "nothing": (further(before), further(quiet)),
    }
    return {kind: (_used(old, COUNTRY[number]), _used(new, COUNTRY[number])) for kind, (old, new) in drawn.items()}


def _used(table: pd.DataFrame, factor: float) -> pd.DataFrame:
    return table.assign(**{name: table[name] * factor for name in ("usage", "usage_last_month")})


LOOK = {
    "unit": "A high percentile or the mean of each column of numbers moves far; a median does not, when fewer than "
    "half of the rows are hit.",
    "zeros": "Compare the share of zeros, in each column of numbers.",
    "leak": "It is a column that is 0 for everybody today, and was not before.",
    "reasons": "No column has moved: does a model of `before`, of its FEATURES and not of `churned`, still rank the "
    "customers of `today`?",
    "nothing": "How far do your figures move by chance, between two clean tables?",
}
ORDER = "A fault in an input lowers the AUC too: look at the inputs first."


@question(
    "diagnose: what happened between two tables",
    makes="diagnose",
    points=5,
    hints=(
        "Look at the inputs first, column by column: the share of zeros, and a high percentile, before and today. Only "
        "when no input has moved is there a reason to fit a model.",
        "The leak is a column that is 0 for everybody today and was not before. Ask for it before you ask for zeros in "
        "some rows. `table.select_dtypes('number')` gives the columns of numbers, whatever their names are.",
        "For `reasons`, fit `Logistic.fit(before, FEATURES)` and compare the AUC on `before` with the AUC on `today`. "
        "Draw a few clean pairs to see how far it falls when nothing has happened, and set the limit beyond that.",
    ),
    misconceptions={
        "not-a-word": "`diagnose` should return one of the five words, and for one Monday it returned {got}.",
        "stops": "`diagnose` stops on a table with a column that it does not know: {got} Columns may be "
        "there under any name.",
        "constant": "Your function says {word} whatever happened.",
        "changes": "Your function changes the table that it is given. Work on a copy: somebody else reads it next.",
        "by-name": "Your function finds leaks only in a column that is called `exit_calls`. Next time it has another "
        "name: look at what a column holds.",
        "more-left": "On Mondays when more customers left, for the same reasons as ever, your function said 'reasons'. "
        "How many left does not say who: does a model of `before` still rank the customers of `today`?",
        "any-column": "A column that the model does not read is no leak by that alone, nor one that is 0 in both "
        "tables, nor one that goes along with leaving in both. A leak is 0 for everybody today, and was not before.",
        "fixed": "In countries where people use twenty times as much your function says 'unit', though nothing has "
        "changed. Compare `today` with `before`, not with a number of hours.",
        "zero-column": "Your function says {word} where a further column is 0 in both tables, which is no change. "
        "Beware of comparisons such as `0 >= 60 * 0`.",
        "never-nothing": "Your function never says 'nothing'. Say 'reasons' only when a figure shows that a model of "
        "`before` ranks the customers of `today` worse than chance explains.",
        "false-alarm": "On Mondays when nothing had happened your function said {word}, {count} times in {of}. Try it "
        "on clean pairs of tables: how far do your figures move by chance?",
        "misses": "Of {of} Mondays of the kind {kind} it found {hit}; most often it said {word}. {look}",
        "some": "{right} of {all} Mondays were right. The kind that goes wrong most often is {kind}, which is taken "
        "for {word}. {look}",
    },
    praise="It was right on at least 18 of 20 Mondays that it had not seen.",
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Let the function name what happened on Mondays of each kind."""
    said: dict[str, list[str]] = {word: [] for word in WORDS}
    usual: set[Any] = set()
    for number in range(ROUNDS):
        for kind, (before, today) in mondays(draw, number).items():
            usual = usual or set(before)
            try:
                call = answer.call("diagnose", before, today)
            except BrokeError as error:
                if set(before) == usual or isinstance(error, TimedOutError):
                    raise
                return wrong("stops", got=str(error))
            if call.changed:
                return wrong("changes")
            if not isinstance(call.value, str) or call.value not in WORDS:
                return wrong("not-a-word", got=shown(call.value))
            said[kind].append(call.value)
    hits = {kind: words.count(kind) for kind, words in said.items()}
    missed = sum(ROUNDS - hit for hit in hits.values())
    if missed <= ALLOWED and min(hits.values()) >= ROUNDS - 1:
        return right()
    earned = max(0, sum(hit >= ROUNDS - 1 for hit in hits.values()) - 1)
    everything = [word for words in said.values() for word in words]
    if len(set(everything)) == 1:
        return wrong("constant", word=repr(everything[0]))
    if hits["leak"] <= 1 and _leak_by_name(answer, draw):
        return wrong("by-name", earned=earned)
    return _why_false_alarm(said, hits, earned) or _why_missed(said, hits, earned)


def _leak_by_name(answer: Answer, draw: Random) -> bool:
    """Tell whether a leak is one by the name that it has in the exercise, and by no other."""
    before, today = mondays(draw, 0)["leak"]
    names = {WRITTEN_LATE[0]: "exit_calls"}
    tables = [(before, today), (before.rename(columns=names), today.rename(columns=names))]
    return [answer.call("diagnose", *pair).value == "leak" for pair in tables] == [False, True]


def _why_false_alarm(said: dict[str, list[str]], hits: dict[str, int], earned: int) -> Verdict | None:
    """Name what the alarms on Mondays without a cause have in common, where there are many."""
    if hits["nothing"] == ROUNDS:
        return None
    if [word == "reasons" for word in said["nothing"]] == [more > 0 for more in MORE_LEFT]:
        return wrong("more-left", earned=earned)
    at = {word: [found == word for found in said["nothing"]] for word in WORDS}
    zero, full = [name == "newsletters" for name in NO_LEAK], [name == "complaints" for name in NO_LEAK]
    if at["leak"] in (zero, full, [True] * ROUNDS):
        return wrong("any-column", earned=earned)
    if at["unit"] == [factor > 1 for factor in COUNTRY]:
        return wrong("fixed", earned=earned)
    for word in ("unit", "zeros"):
        if at[word] == zero:
            return wrong("zero-column", earned=earned, word=repr(word))
    if hits["nothing"] > ROUNDS // 2:
        return None
    if not any("nothing" in words for words in said.values()):
        return wrong("never-nothing", earned=earned)
    alarms = [word for word in said["nothing"] if word != "nothing"]
    word = max(sorted(set(alarms)), key=alarms.count)
    return wrong("false-alarm", earned=earned, word=repr(word), count=len(alarms), of=ROUNDS)


def _why_missed(said: dict[str, list[str]], hits: dict[str, int], earned: int) -> Verdict:
    """Name the kind of Monday that goes wrong most often."""
    kind = min(hits, key=lambda kind: hits[kind])
    others = [word for word in said[kind] if word != kind]
    word = max(sorted(set(others)), key=others.count)
    look = ORDER if word == "reasons" and kind != "nothing" else LOOK[kind]
    told: dict[str, Any] = {"kind": repr(kind), "word": repr(word), "look": look}
    if hits[kind] <= 1:
        return wrong("misses", earned=earned, of=ROUNDS, hit=hits[kind] or "none", **told)
    total = ROUNDS * len(WORDS)
    return wrong("some", earned=earned, right=sum(hits.values()), all=total, **told)


def register_of(draw: Random, months: int) -> list[dict[str, Any]]:
    """Draw a register in which some debts are worth paying, some are not, one never is and one breaks exactly even."""
    names = ["glue", "flags", "seeds", "units", "tests", "docs", "loader", "alerts", "names", "export", "labels"]
    while True:
        found: list[dict[str, Any]] = []
        draw.shuffle(names)
        names[2:4] = sorted(names[2:4])
        close = draw.randrange(2, months - 1)  # two paybacks in the same month, in the other order than their names
        some = [half / 2 for half in draw.sample(range(2, 2 * months - 1), 2)]
        more = [half / 2 for half in draw.sample(range(2 * months + 2, 4 * months), 2)]
        paybacks = [*some, close + 0.25, close + 0.125, months - 0.5, months, months + 0.5, *more]
        for name, payback in zip(names, paybacks, strict=False):  # no two alike, so that the order is one
            interest = draw.choice((0.25, 0.5, 1.0, 1.5, 2.0, 4.0))
            found.append({"name": name, "principal": payback * interest, "interest": interest})
        found.append({"name": names[-1], "principal": 2.0, "interest": 0.0})
        draw.shuffle(found)
        worth = [debt for debt in found if debt["name"] in expected(found, months)]
        orders = [expected(found, months), [debt["name"] for debt in worth]]
        for of_principal, of_interest in ((0, -1), (1, 0), (1, -months)):  # the orders of `_why`
            by = {debt["name"]: of_principal * debt["principal"] + of_interest * debt["interest"] for debt in worth}
            orders.append(sorted(by, key=by.__getitem__))
        orders.append(
            [name for _, name in sorted((debt["principal"] // debt["interest"], debt["name"]) for debt in worth)]
        )
        savings = {months * debt["interest"] - debt["principal"] for debt in worth}
        if (
            len(savings) == len(worth)
            and len({tuple(order) for order in (*orders, orders[0][::-1])}) == len(orders) + 1
        ):
            return found


def expected(register: list[dict[str, Any]], months: int) -> list[str]:
    """Return the right answer."""
    worth = [debt for debt in register if debt["interest"] * months > debt["principal"]]
    return [str(debt["name"]) for debt in sorted(worth, key=lambda debt: debt["principal"] / debt["interest"])]


@question(
    "worth_paying: what to pay down, and in which order",
    makes="worth_paying",
    points=3,
    hints=(
        "For each debt compare two numbers of days: what it costs in the months that are left, and what paying it "
        "down costs.",
        "Leave out first, sort then. The payback is the principal divided by the interest, in months; a debt "
        "without interest has none, and it is never worth it.",
        "`sorted(..., key=...)` with the payback as the key; at the end keep the names only.",
    ),
    misconceptions={
        "not-a-list": "`worth_paying` should return a list of names, and it returns {got}.",
        "whole-debts": "The list holds more than names. Only the names are asked for.",
        "no-interest": "A debt without interest is in the register, and your function {does}. Nothing is saved by "
        "paying it.",
        "too-few": "Your list has {count} of the {of} debts that are worth paying, and no more when all are. Does "
        "`return` stand inside the loop?",
        "pays-all": "Your list holds debts that cost less in the months that are left than paying them down would.",
        "even": "A debt that costs exactly as much as it saves is in your list. Paying it gains nothing.",
        "months": "The list does not follow `months`: with more time left, more is worth paying.",
        "by-interest": "Your list begins with the highest interest. With a high principal it pays for itself late.",
        "by-principal": "Your list begins with the smallest principal. With a small interest it pays for itself late.",
        "backwards": "The right debts, with the slowest payback first.",
        "by-saving": "The right debts, with the largest saving first. That need not be the one that pays for itself "
        "soonest: divide what it costs to pay down by what it costs each month.",
        "unsorted": "The right debts, in another order. Put the one that pays for itself soonest first.",
        "changes": "Your function changes the register that it is given, which others read too. Make a new list, and "
        "put nothing into the entries.",
        "empty": "An empty register has nothing to pay: return an empty list.",
        "other": "These are not the debts whose interest in the months left is more than their principal, the soonest "
        "payback first.",
    },
    praise="It follows other registers and other months.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Compare with the right list for some registers and numbers of months."""
    for months in (12, *draw.sample(range(6, 48), 3)):
        register = register_of(draw, months)
        try:
            call = answer.call("worth_paying", register, months)
        except BrokeError as error:
            if "ZeroDivision" in str(error):
                return wrong("no-interest", does="divides by it")
            raise
        if call.changed:
            return wrong("changes")
        got, want = call.value, expected(register, months)
        if not isinstance(got, list | tuple):
            return wrong("not-a-list", got=shown(got))
        if list(got) != want:
            return _why(answer, list(got), register, months, want)
    if list(answer.call("worth_paying", [], 12).value or ()) or answer.call("worth_paying", [], 12).value is None:
        return wrong("empty", earned=2)
    return right()


def _why(answer: Answer, got: list[object], register: list[dict[str, Any]], months: int, want: list[str]) -> Verdict:
    """Name what a wrong list looks like."""
    if got and all(isinstance(entry, dict | tuple | list) for entry in got):
        return wrong("whole-debts")
    by = {str(debt["name"]): debt for debt in register}
    if not all(isinstance(name, str) and name in by for name in got):
        return wrong("other")
    names = [str(name) for name in got]
    if any(by[name]["interest"] == 0 for name in names):
        return wrong("no-interest", does="takes it") if set(names) != set(by) else wrong("pays-all")
    if set(names) == set(want):
        if names == want[::-1]:
            return wrong("backwards", earned=1)
        high = [float(str(by[name]["interest"])) for name in names]
        low = [float(str(by[name]["principal"])) for name in names]
        saved = [months * interest - principal for interest, principal in zip(high, low, strict=True)]
        if saved == sorted(saved, reverse=True):
            return wrong("by-saving", earned=1)
        if high == sorted(high, reverse=True):
            return wrong("by-interest", earned=1)
        return wrong("by-principal" if low == sorted(low) else "unsorted", earned=1)
    if len(names) <= 1:
        certain = [{"name": name, "principal": 1.0, "interest": 100.0 + at} for at, name in enumerate(by)]
        taken = answer.call("worth_paying", certain, months).value
        if isinstance(taken, list | tuple) and len(taken) <= 1:
            return wrong("too-few", count=len(names) or "none", of=len(want))
    longer = answer.call("worth_paying", register, 4 * months).value
    if isinstance(longer, list | tuple) and list(longer) == got and len(expected(register, 4 * months)) > len(want):
        never = {"name": "never", "principal": 1000.0, "interest": 1.0}  # in no number of months that anybody types
        return wrong("pays-all" if answer.call("worth_paying", [never], months).value else "months")
    extra = set(names) - set(want)
    if (
        extra
        and set(want) <= set(names)
        and all(by[name]["interest"] * months == by[name]["principal"] for name in extra)
    ):
        return wrong("even", earned=1)
    return wrong("other")


q3 = in_quiz("two-alarms", makes="answer_3")

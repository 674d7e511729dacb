"""What a right answer to exercise 06 does."""

import math
from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

from mldebt.check import (
    Answer,
    BrokeError,
    TimedOutError,
    Verdict,
    in_quiz,
    is_number,
    question,
    right,
    same,
    shown,
    wrong,
)

LAST = 3000  # months: beyond them nothing of a discounted debt is left


def numbers(value: Any) -> list[float] | None:
    """Return a list, a tuple, an array or a Series of numbers as a list; None for anything else."""
    found = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(found, list | tuple) or not all(map(is_number, found)):
        return None
    return [float(number) for number in found]


def debts(draw: Random) -> list[tuple[float, float, int]]:
    """Return principals, interests and months: two with parts of a day, some that are drawn, and a long one."""
    drawn = [(draw.randrange(2, 40) / 2, draw.randrange(1, 20) / 8, draw.randrange(5, 40)) for _ in range(4)]
    return [(5.0, 0.5, 12), (3.0, 1 / 7, 9), *drawn, (40.0, 0.5, 120)]


@question(
    "balance: cost so far minus what was saved",
    makes="balance",
    points=2,
    hints=(
        "On paper, for a principal of 5 and an interest of 1: what does the balance say at the end of month 1, of "
        "month 2, of month 5?",
        "At the end of month 1 one month of interest is paid, at the end of month 2 two of them. The principal was "
        "saved "
        "once, at the start.",
        "One number for each month from 1 to `months`, the last one included: `range(1, months + 1)`.",
    ),
    misconceptions={
        "not-a-list": "`balance({principal:g}, {interest:g}, {months})` returns {got}. It should return a list, or an "
        "array of one dimension, with one number for each month.",
        "prints": "`balance` prints the numbers. Give them back with `return`.",
        "length": "For {months} months it returns {got}. One is asked for at the end of each month.",
        "starts-at-zero": "Your first number is that of the start, before any interest is paid. Begin at the end of "
        "month 1.",
        "sign": "The sign is wrong: while the shortcut is ahead, the balance is negative.",
        "cut-at-0": "Your function cuts the balance off at 0. It is below 0 while the shortcut is ahead, and above 0 "
        "once it has cost more than it saved.",
        "no-principal": "Your numbers are the interest alone. What the shortcut saved at the start is missing.",
        "not-so-far": "Your numbers look at each month by itself. The balance counts all months so far.",
        "principal-each-month": "Your function takes the principal off in each month. It was saved once.",
        "rounds": "Your function rounds the balance. Do not round.",
        "whole-days": "Your function cuts the balance to whole days. Leave the parts of a day in.",
        "ignores": "With another {which} your function returns the very same numbers. They should depend on it.",
        "other": "With a principal of {principal:g} and an interest of {interest:g} the balance at the end of month "
        "{month} is not {got:g}. It has two parts, what is paid by then and what was saved at the start. Print both.",
    },
)
def q1(answer: Answer, draw: Random) -> Verdict:
    """Compare with the balance of drawn debts."""
    for principal, interest, months in debts(draw):
        call = answer.call("balance", principal, interest, months)
        if call.value is None and call.printed:
            return wrong("prints")
        got = numbers(call.value)
        if got is None:
            shape = getattr(call.value, "shape", ())
            what = shown(call.value) + (f" of the shape {shape}" if shape else "")
            return wrong("not-a-list", principal=principal, interest=interest, months=months, got=what)
        want = [interest * month - principal for month in range(1, months + 1)]
        if len(got) == len(want) and same(got, want):
            continue
        forms: dict[str, list[list[float]]] = {
            "sign": [[-number for number in want], [abs(number) for number in want]],
            "no-principal": [[number + principal for number in want]],
            "not-so-far": [
                [interest - principal, *[interest] * (months - 1)],
                [interest - principal] * months,
                [interest] * months,
            ],
            "principal-each-month": [[(interest - principal) * month for month in range(1, months + 1)]],
            "cut-at-0": [[max(number, 0.0) for number in want], [min(number, 0.0) for number in want]],
        }
        for name, lists in forms.items():
            if any(same(got, form) for form in lists):
                return wrong(name)
        if got and same(got[0], -principal) and same(got, [interest * month - principal for month in range(len(got))]):
            return wrong("starts-at-zero", earned=1)
        others = {
            "principal": (principal + 1, interest, months),
            "interest": (principal, interest + 1, months),
            "number of months": (principal, interest, 3),
        }
        for which, other in others.items():
            if len(got) > 1 and same(numbers(answer.call("balance", *other).value), got):
                return wrong("ignores", which=which)
        if len(got) != months:
            return wrong("length", months=months, got=f"{len(got)} number{'' if len(got) == 1 else 's'}")
        if any(same(got, [round(number, digits) for number in want]) for digits in range(7)):
            return wrong("rounds", earned=1)
        if any(same(got, [cut(number) for number in want]) for cut in (int, math.floor, math.ceil)):
            return wrong("whole-days", earned=1)
        month = next(at for at in range(months) if not same(got[at], want[at]))
        return wrong("other", principal=principal, interest=interest, month=month + 1, got=got[month])
    return right()


def first(principal: float, interest: float, factor: float, share: float | None = None) -> float:
    """Return the first month in which interest that shrinks by `factor` each month adds up to the principal.

    `share` is what counts of the interest of month 1, which is `factor` unless told.
    """
    paid, share = 0.0, factor if share is None else share
    for month in range(1, LAST):
        paid += interest * share * factor ** (month - 1)
        if paid >= principal - 1e-9:
            return month
    return math.inf


def twice(principal: float, interest: float, factor: float) -> float:
    """Return the month for interest that is shrunk in each month by what it should have shrunk by since the start."""
    paid = 0.0
    for month in range(1, LAST):
        interest *= factor**month
        paid += interest
        if paid >= principal - 1e-9:
            return month
    return math.inf


def never_close(principal: float, interest: float, factor: float) -> bool:
    """Tell whether no month is so nearly even that rounding decides."""
    paid = 0.0
    for month in range(1, LAST):
        paid += interest * factor**month
        if abs(paid - principal) < 1e-6 * principal:
            return False
    return True


MISTAKES: dict[str, Callable[[float, float, float, float], float]] = {
    "no-discount": lambda p, i, d, r: first(p, i, 1 - r),
    "no-retirement": lambda p, i, d, r: first(p, i, 1 / (1 + d)),
    "neither": lambda p, i, d, r: first(p, i, 1.0),
    "starts-undiscounted": lambda p, i, d, r: first(p, i, (1 - r) / (1 + d), 1.0),
    "no-sum": lambda p, i, d, r: next(
        (month for month in range(1, LAST) if i * month * ((1 - r) / (1 + d)) ** month >= p - 1e-9), math.inf
    ),
    "shrinks-twice": lambda p, i, d, r: twice(p, i, (1 - r) / (1 + d)),
    "one-early": lambda p, i, d, r: first(p, i, (1 - r) / (1 + d)) - 1,
    "one-late": lambda p, i, d, r: first(p, i, (1 - r) / (1 + d)) + 1,
}
"""The month that each usual mistake gives: principal, interest, discount, retirement."""

SLIGHT: dict[str, Callable[[float, float, float, float], float]] = {
    "subtracts-discount": lambda p, i, d, r: first(p, i, (1 - r) * (1 - d)),
    "survives-late": lambda p, i, d, r: first(p, i, (1 - r) / (1 + d), 1 / (1 + d)),
    "discounts-late": lambda p, i, d, r: first(p, i, (1 - r) / (1 + d), 1 - r),
}
"""The same for mistakes so slight that many debts are even in the right month all the same."""


def shrinking(principal: float, interest: float, discount: float, retire: float) -> tuple[float, float, float]:
    """Return principal, interest, and the factor by which what a month is worth shrinks."""
    return principal, interest, (1 - retire) / (1 + discount)


def cases(draw: Random) -> list[tuple[float, float, float, float]]:
    """Draw debts on which no usual mistake gives the right month or what another gives, and two that are never even.

    Around them stand fixed ones: one that is even to the day and one that no month hits exactly, two of a small
    interest, one whose system hardly lives, one that is even late, and one in the last month that the page asks for.
    Of a debt that is even no month counts less than a hundredth of a day: who stops below that is right on all.
    """
    while True:
        found: list[tuple[float, float, float, float]] = []
        while len(found) < 8:
            principal, interest = draw.randrange(8, 40) / 2, draw.randrange(3, 16) / 8
            discount, retire = draw.randrange(1, 5) / 100, draw.randrange(1, 5) / 100
            factor = (1 - retire) / (1 + discount)
            month = first(principal, interest, factor)
            others = {form(principal, interest, discount, retire) for form in MISTAKES.values()}
            if not 8 <= month < 200 or month in others or interest * factor**month < 0.02:
                continue
            if never_close(principal, interest, factor):
                found.append((principal, interest, discount, retire))
        forms = [*MISTAKES.values(), *SLIGHT.values()]
        right_on = [sum(form(*case) == first(*shrinking(*case)) for case in found) for form in SLIGHT.values()]
        given = {tuple(form(*case) for case in found) for form in forms}
        if max(right_on) < len(found) - 1 and len(given) == len(forms):
            break
    hopeless = (20.0, draw.choice((0.25, 0.5)), 0.05, 0.05), (draw.randrange(2, 9) * 1.0, 0.0, 0.0, 0.0)
    late = draw.choice((1.0, 2.0))
    before = [(5.0, 0.5, 0.0, 0.0), (7.0, 2.0, 0.0, 0.0), (4.95, 0.1, 0.0, 0.0), (0.995, 0.01, 0.0, 0.0)]
    after = [(2.9, 4.0, 0.0, 0.5), (242.7 * late, late, 0.002, 0.002), (249.9, 0.25, 0.0, 0.0)]
    return [*before, *found, *after, *hopeless]


TAKES_NONE = ("IndexError", "StopIteration", "ValueError", "OverflowError")
"""What comes of taking the first of no months, the least of them, or the whole number of an infinite one."""


@question(
    "even_month: when the shortcut has cost as much as it saved",
    makes="even_month",
    points=3,
    hints=(
        "First without discounting and without retirement: add up the interest month by month until it reaches the "
        "principal. Then let each month's interest count less.",
        "The interest of month m counts `interest * (1 - retire) ** m / (1 + discount) ** m`. `np.cumsum` adds up so "
        "far.",
        "What shrinks may never add up to the principal. After a few thousand months nothing is left to come: stop "
        "there and return `math.inf`, since `while` alone would never end.",
    ),
    misconceptions={
        "not-a-month": "`even_month` should return a number of months, `math.inf` or `None`, and it returns {got}.",
        "prints": "`even_month` prints the month. Give it back with `return`.",
        "no-discount": "Discounting changes nothing in your months. A day in month m counts less than a day today.",
        "no-retirement": "The chance of retirement changes nothing in your months. Interest is paid only while the "
        "system "
        "runs.",
        "neither": "Your months are those without discounting and without retirement.",
        "no-sum": "Your function takes what one month is worth for all months so far. Each month before it counts by "
        "its own worth: add them up.",
        "one-early": "Your months are one too early. A debt of 5 days at half a day a month is even at the end of "
        "month 10.",
        "one-late": "Your months are one too late. In the month in which the two are equal they are even.",
        "even-counts": "Your function wants more than the principal. When the two are equal they are even: a debt of "
        "5 days at half a day a month is even at the end of month 10, not {got:g}.",
        "subtracts-discount": "Your months are too late, at least for long-lived debts: you multiply by 1 - discount. "
        "A day is worth 1 / (1 + discount) of itself a month earlier.",
        "survives-late": "Your months are too early: for you the interest of month 1 is paid for sure. The system can "
        "be retired in month 1, and then that month is not paid.",
        "discounts-late": "Your months are too early: for you the interest of month 1 is not discounted. It is paid at "
        "the end of that month.",
        "endless": "For a debt that is never even (principal {principal:g}, interest {interest:g}) your function does "
        "not come to an end, or goes on until a number is too large. When nothing more will come, stop and return "
        "`math.inf`.",
        "starts-undiscounted": "The interest of month 1 counts in full with you. It is paid at the end of that "
        "month, so it is "
        "discounted once, and the system must live until then.",
        "fraction": "Your function returns {got:g}. It is the first whole month at whose end the two are even.",
        "shrinks-twice": "Your interest shrinks too fast: what is left of it in month 1 shrinks by two months more in "
        "month 2, and by three months more in month 3. Print what months 2 and 3 are worth.",
        "gone": "For every debt with a `retire` of 0 your function says never. What is the chance that the system "
        "still runs in month 1 then, and what is it in your function?",
        "no-first": "{error} This debt is never even: there is no first month to take. Ask whether there is one before "
        "you take it.",
        "never": "For a debt that is never even your function returns {got}. Return `math.inf` or `None`.",
        "says-never": "{debt} your function says never, and this debt is even in the end. Look further ahead, and do "
        "not give up because the interest is small.",
        "no-month": "{debt} your function returns {got}, and this debt is even in the end. Its months 1, 2 and 3 are "
        "worth {worth} days: print what they are in your function. If they are the same: does it add up the months so "
        "far? Is it content when they pass the principal without hitting it? Does each way through it end in `return`, "
        "the one for never after the loop?",
        "other": "{debt} it is not month {got:g}: that is too {side}. Months 1, 2 and 3 of this debt are worth {worth} "
        "days. Print what they are in your function.",
    },
    praise="It knows when to say never.",
)
def q2(answer: Answer, draw: Random) -> Verdict:
    """Compare with the first even month of drawn debts, some of which are never even."""
    tried = cases(draw)
    values: list[Any] = []
    got: list[float] = []
    want: list[float] = []
    for case in tried:
        try:
            call = answer.call("even_month", *case)
        except BrokeError as error:
            earned = 2 * (got == want)
            too_large = "OverflowError" in str(error) and "infinity" not in str(error)  # the powers of an endless loop
            if first(*shrinking(*case)) < math.inf:
                raise
            if too_large or isinstance(error, TimedOutError):
                return wrong("endless", earned=earned, principal=case[0], interest=case[1])
            if any(kind in str(error) for kind in TAKES_NONE):
                return wrong("no-first", earned=earned, line=error.line, error=str(error))
            raise
        value = call.value
        if not got and value is None and call.printed:
            return wrong("prints")
        if value is not None and (not is_number(value) or math.isnan(value)):
            return wrong("not-a-month", got=shown(value))
        values.append(value)
        got.append(math.inf if value is None else float(value))
        want.append(first(*shrinking(*case)))
    if got == want:
        return right()
    finite = [at for at, month in enumerate(want) if month < math.inf]
    if all(got[at] == want[at] for at in finite):
        bad = next(at for at in range(len(want)) if got[at] != want[at])
        return wrong("never", earned=2, got=f"{got[bad]:g}")
    if got[0] == want[0] + 1 and all(got[at] == want[at] for at in finite[1:]):
        return wrong("even-counts", earned=2, got=got[0])
    for name, form in {**MISTAKES, **SLIGHT}.items():
        if all(got[at] == form(*tried[at]) for at in finite):
            return wrong(name, earned=1)
    odd = [at for at in finite if math.isfinite(got[at]) and got[at] != int(got[at])]
    if odd:
        return wrong("fraction", earned=1, got=got[odd[0]])
    missed = [at for at in finite if got[at] != want[at]]
    bad = min(missed, key=lambda at: want[at])
    _, interest, factor = shrinking(*tried[bad])
    about: dict[str, Any] = {
        "debt": "With a principal of {:g}, an interest of {:g}, a discount of {:g} and a chance of retirement of "
        "{:g}".format(*tried[bad]),
        "worth": ", ".join(f"{interest * factor**month:.4g}" for month in (1, 2, 3)),
    }
    never = {at for at in finite if got[at] == math.inf}
    if never != set(finite) and all(at in never for at in finite if tried[at][3] == 0):
        return wrong("gone")
    # right up to some month and then never, or right on some of what shrinks: the rest is given up too early
    met = [at for at in finite if got[at] == want[at]]
    far = bool(met) and max(want[at] for at in met) < want[bad]
    if never == set(missed) and (far or any(tried[at][2] > 0 for at in met)):
        return wrong("says-never", earned=1, **about)
    if bad in never:
        return wrong("no-month", got=shown(values[bad]), **about)
    return wrong("other", got=got[bad], side="early" if got[bad] < want[bad] else "late", **about)


Debt = dict[str, float]
Term = Callable[[Debt, int], float]


def expected(debt: Debt, months: int) -> float:
    """Return what keeping a debt is expected to cost."""
    return sum(_term(debt, month) for month in range(1, months + 1))


def _term(debt: Debt, month: int) -> float:
    return debt["interest"] * (1 + debt["growth"]) ** (month - 1) * (1 - debt["retire"]) ** month


def _decide(debt: Debt, cost: float) -> str:
    return "pay" if cost > debt["principal"] else "keep"


def _summed(term: Term, more: int = 0) -> Term:
    """Add up a term over the months and some more, or fewer."""
    return lambda debt, months: sum(term(debt, month) for month in range(1, months + 1 + more))


def _one_rate(power: int) -> Term:
    return _summed(lambda debt, m: debt["interest"] * (1 + debt["growth"] - debt["retire"]) ** (m - power))


def _linear(debt: Debt, month: int) -> float:
    return debt["interest"] * (1 + debt["growth"] * (month - 1)) * (1 - debt["retire"]) ** month


WRONG_SUMS: dict[str, tuple[float, list[Term]]] = {
    "flat": (0, [lambda debt, months: debt["interest"] * months]),
    "no-growth": (1, [lambda debt, months: expected({**debt, "growth": 0.0}, months)]),
    "no-retirement": (1, [lambda debt, months: expected({**debt, "retire": 0.0}, months)]),
    "grows-once": (1, [lambda debt, months: expected({**debt, "growth": 0.0}, months) * (1 + debt["growth"])]),
    "one-chance": (1, [lambda debt, months: expected({**debt, "retire": 0.0}, months) * (1 - debt["retire"])]),
    "first-only": (0, [lambda debt, months: _term(debt, 1)]),
    "last-only": (0, [_term]),
    "linear": (1, [_summed(_linear)]),
    "dies-at-the-end": (
        1,
        [lambda debt, months: expected({**debt, "retire": 0.0}, months) * (1 - debt["retire"]) ** months],
    ),
    "grows-early": (2, [_summed(lambda debt, m: _term(debt, m) * (1 + debt["growth"]))]),
    "grows-late": (2, [_summed(lambda debt, m: _term(debt, m) / (1 + debt["growth"]))]),
    "survives-early": (2, [_summed(lambda debt, m: _term(debt, m) / (1 - debt["retire"]))]),
    "one-rate": (2, [_one_rate(1), _one_rate(0)]),
    "one-short": (2, [_summed(_term, more=-1)]),
    "one-long": (2, [_summed(_term, more=1)]),
    "rounds": (2, [lambda debt, months: math.floor(expected(debt, months))]),
}
"""What each usual mistake takes for the cost, in one form or more, and the points that are left: none when growth and
retirement, or the sum, are left out, one when one of them is wrong, two for a slip by a month or for one product."""

SUMS: list[Term] = [form for _, forms in WRONG_SUMS.values() for form in forms]
CLEAR_CASES = list(product((0.0, 0.1), (0.0, 0.08), (6, 29), (1 / 1.6, 1.6)))
"""Growth, retirement, months, principal as a share of the cost: a sum with no more than a slip is right on them.

They are the same for every draw, so that the points of a rule that nobody foresaw do not hang on luck.
"""
SHORT_AND_LONG = [
    (0.1, 0.0, 1, 0.5),
    (0.1, 0.0, 2, 0.5),
    (0.1, 0.0, 3, 0.35),
    (0.1, 0.08, 60, 0.99),
    (0.1, 0.08, 120, 0.99),
]
"""The same: three on which one month alone decides otherwise than another, two that turn on the last of many months."""

NEAR: list[tuple[Debt, int, str]] = [
    ({"principal": 3.011, "interest": 0.251, "growth": 0.0, "retire": 0.0}, 12, "pay"),
    ({"principal": 2.989, "interest": 0.249, "growth": 0.0, "retire": 0.0}, 12, "keep"),
]
"""So near the limit that whoever rounds the sum to two digits or fewer, or each month to two, is wrong on both."""


def decisions(draw: Random) -> list[tuple[Debt, int, str]]:
    """Draw debts with the right decision, on which each usual mistake is wrong more than once and none says one word.

    The first of them are the clear cases, then come the short and the long ones and those near the limit. The
    principal of each other one lies half-way between the costs of two ways to add up, one of them most often the
    right one: so no two ways decide alike.
    """
    while True:
        found: list[tuple[Debt, int, str]] = []
        for growth, retire, months, share in [*CLEAR_CASES, *SHORT_AND_LONG]:
            debt = {"principal": 0.0, "interest": draw.randrange(2, 12) / 4, "growth": growth, "retire": retire}
            debt["principal"] = round(share * expected(debt, months), 2)
            found.append((debt, months, _decide(debt, expected(debt, months))))
        found += NEAR
        while len(found) < 80:
            debt = {
                "principal": 0.0,
                "interest": draw.randrange(2, 12) / 4,
                "growth": draw.choice((0.0, 0.03, 0.06, 0.1)),
                "retire": draw.choice((0.0, 0.03, 0.08)),
            }
            months = draw.randrange(4, 30)
            cost = expected(debt, months)
            one = cost if len(found) < 68 else draw.choice(SUMS)(debt, months)
            other = SUMS[len(found) % len(SUMS)](debt, months)
            debt["principal"] = round((one + other) / 2, 2)
            if abs(one - other) >= max(0.02 * one, 0.05) and abs(cost - debt["principal"]) >= max(0.01 * cost, 0.02):
                found.append((debt, months, _decide(debt, cost)))
        given = {tuple(_decide(debt, form(debt, months)) for debt, months, _ in found) for form in SUMS}
        right = [word for _, _, word in found]
        wrong_on = [sum(mine != word for mine, word in zip(words, right, strict=True)) for words in given]
        if len(given) == len(SUMS) and min(wrong_on) >= 2 and all(len(set(words)) == 2 for words in given):
            return found


@question(
    "decide: keep a debt or pay it down",
    makes="decide",
    points=3,
    hints=(
        "What does keeping it cost in month 1, in month 2, in month m? Add that up over the months and compare it "
        "with the "
        "principal.",
        "In month m the interest has grown m - 1 times, and the system must have survived m months.",
        "One term is `interest * (1 + growth) ** (m - 1) * (1 - retire) ** m`, for m from 1 to `months`.",
    ),
    misconceptions={
        "prints": "`decide` prints the word. Give it back with `return`.",
        "not-a-word": '`decide` should return `"pay"` or `"keep"`, and it returns {got}.',
        "always": "Your function says {word} to all {of} debts that I tried. {debt}",
        "turned-round": "Your function pays where it should keep, and keeps where it should pay.",
        "flat": "On all {of} debts that I tried you decide as if interest times months were the cost. That leaves "
        "growth and retirement out.",
        "no-growth": "On all {of} debts that I tried you decide as if the interest did not grow.",
        "no-retirement": "On all {of} debts that I tried you decide as if no system were retired. Nobody pays for a "
        "system that is gone.",
        "grows-once": "Your interest grows once and then stays as it is. It grows again in each month.",
        "one-chance": "You take the chance that month 1 is paid for all months. Month 2 is paid only if the system "
        "lives through two months.",
        "first-only": "You decide by month 1 alone. Add up all months. With a loop: does `return` stand after it?",
        "last-only": "You decide by the last month alone. Add up all months.",
        "grows-early": "The interest has grown once more than it should. In month 1 it has not grown yet.",
        "grows-late": "The interest has grown once less than it should. In month 2 it has grown once.",
        "survives-early": "Retirement comes a month late in your sum. The system can be retired in month 1 already: "
        "that month is paid with probability 1 - retire.",
        "one-rate": "You take growth and retirement together as one rate, 1 + growth - retire. With a growth of 0.1 "
        "and a retirement of 0.5, 1.1 * 0.5 of the interest is left after a month, and that is not 0.6.",
        "one-short": "The last month is missing from your sum.",
        "one-long": "Your sum has a month too many at its end.",
        "linear": "Your interest grows by the same amount each month. It grows by a share of the month before: 1, 1.1, "
        "1.21.",
        "dies-at-the-end": "You take one chance of survival, that of the last month, for all months. An early month is "
        "more likely to be paid than a late one.",
        "rounds": "Your decisions are wrong where the cost is near the principal: 12 months at 0.251 cost more than "
        "3.011 days, and 12 months at 0.249 cost less than 2.989. Compare the two as they are, without "
        "rounding.",
        "even-pays": "Your function pays a debt that is expected to cost exactly its principal. Read again when to "
        "pay.",
        "stops-early": "Your sum ends after some months, also where `months` is larger. Add up all of them.",
        "no-months": "On all {of} debts that I tried you decide the same for many more months. {debt}",
        "changes": "Your function changes the debt that it is given. Work on a copy.",
        "other": "{hit} of {of} debts are decided rightly. {debt}",
    },
    praise="It pays what is dear and keeps what is cheap.",
)
def q3(answer: Answer, draw: Random) -> Verdict:
    """Compare with the right decisions on drawn debts."""
    tried = decisions(draw)
    interest, last = draw.randrange(2, 12) / 4, 4 * draw.randrange(1, 8)  # whole days, which no rounding changes
    even = {"principal": interest * last, "interest": interest, "growth": 0.0, "retire": 0.0}
    got = []
    for debt, months, _ in (*tried, (even, last, "keep")):
        call = answer.call("decide", debt, months)
        if call.changed:
            return wrong("changes")
        if call.value is None and call.printed:
            return wrong("prints")
        if not isinstance(call.value, str) or call.value not in ("pay", "keep"):
            return wrong("not-a-word", got=shown(call.value))
        got.append(call.value)
    on_even = got.pop()
    want = [word for _, _, word in tried]
    if got == want:
        return right() if on_even == "keep" else wrong("even-pays", earned=2)
    missed = [at for at, word in enumerate(want) if got[at] != word]
    debt, months, word = min((tried[at] for at in missed), key=lambda one: one[1])
    about: dict[str, Any] = {
        "of": len(want),
        "debt": "Take this one: principal {principal:g}, interest {interest:g}, growth {growth:g}, retire "
        "{retire:g}".format(**debt)
        + f", `months` {months}. It is expected to cost {expected(debt, months):.2f} days, so the decision is "
        f"{word!r}. Print what your function has for it, month by month.",
    }
    if len(set(got)) == 1:
        return wrong("always", word=repr(got[0]), **about)
    if len(missed) == len(want):
        return wrong("turned-round")
    for name, (left, forms) in WRONG_SUMS.items():
        for form in forms:
            if got == [_decide(debt, form(debt, months)) for debt, months, _ in tried]:
                return wrong(name, earned=left, **about)
    near = {tried.index(one) for one in NEAR}
    slip = all(at >= len(CLEAR_CASES) for at in missed)
    if slip and (near <= set(missed) or near >= set(missed)):
        return wrong("rounds", earned=2)
    for most in range(2, 120):
        cut = (_decide(debt, expected(debt, min(months, most))) for debt, months, _ in tried)
        if all(mine == word for mine, word in zip(got, cut, strict=True)):  # most often the first few debts tell
            return wrong("stops-early", earned=2)
    if got == [answer.call("decide", debt, 4 * months + 40).value for debt, months, _ in tried]:
        return wrong("no-months", **about)
    return wrong("other", earned=2 if slip else 0, hit=len(want) - len(missed), **about)


q4 = in_quiz("which-first", makes="answer_4")

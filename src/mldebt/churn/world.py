"""Customers over months, drawn from equations, so that the truth is known. docs/world.md writes them out.

Engagement is hidden. Three noisy proxies show it: hours of use this month, hours of use last month, days with a
login. Whoever leaves is replaced by a new customer, so each month has as many.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEATURES = ("usage", "usage_last_month", "login_days", "tenure", "price", "tickets", "contract", "region")
"""The columns that are known when a customer's risk is estimated."""

CONTRACTS = np.array(["monthly", "yearly"], dtype=object)
REGIONS = np.array(["north", "south", "east", "west"], dtype=object)
SHARES = (0.4, 0.3, 0.2, 0.1)
BURN_IN = 24  # months that nobody sees, after which tenure and engagement no longer depend on the start
KEPT = 0.8  # of a month's engagement in the next

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Effects:
    """What moves the log-odds of leaving, each for one unit of its column; `region` in the order of REGIONS."""

    base: float = -0.65
    engagement: float = -1.0
    tenure: float = -0.3  # of log(1 + tenure)
    price: float = 0.08  # of a euro above 20
    tickets: float = 0.4
    yearly: float = -0.8
    region: tuple[float, float, float, float] = (0.0, 0.1, -0.1, 0.4)


NOW = Effects()
LATER = Effects(engagement=-0.3, price=-0.08, tickets=0.7)
"""What concept drift moves towards: use says less, and the dear plan has become the one that people stay for."""


@dataclass(frozen=True)
class Drift:
    """How the world changes, from month `since` on, in full force after `over` months.

    `covariate` lowers everybody's engagement by so many standard deviations: the columns move, and the outcome as
    they say. `base_rate` adds to the log-odds: the outcome moves and no column does. `concept` between 0 and 1 moves
    the effects of the columns from NOW to LATER: what a column means moves.
    """

    since: int = 0
    over: int = 1
    covariate: float = 0.0
    base_rate: float = 0.0
    concept: float = 0.0

    def strength(self, month: int) -> float:
        """Return the share of the change that has come in a month."""
        return float(np.clip((month - self.since + 1) / self.over, 0, 1))


def customers(
    number: int,
    months: int = 1,
    *,
    seed: int,
    drift: Drift | None = None,
    treat: Callable[[pd.DataFrame], Flags] | None = None,
    relief: float = 1.5,
    truth: bool = False,
) -> pd.DataFrame:
    """Return one row for each of `number` customers and month: FEATURES, and `churned`, which is known a month later.

    `treat` sees a month's customers and says who gets an offer, which lowers the log-odds of leaving by `relief` and
    is in the column `treated`. `truth` adds what nobody could know: `engagement`, in standard deviations, and `risk`,
    the probability of leaving that the outcome is drawn with. The same seed draws the same noise whatever the other
    arguments are, so two worlds differ by what they are given and not by luck.
    """
    drift = drift or Drift()
    rng = np.random.default_rng(seed)
    who = _newcomers(rng, number)
    who["customer"] = np.arange(number)
    known, engagement = number, rng.normal(size=number)
    usage = _hours(engagement, rng)
    parts = []
    for month in range(-BURN_IN, months):
        force = drift.strength(month) if month >= 0 else 0.0
        engagement = KEPT * engagement + np.sqrt(1 - KEPT**2) * rng.normal(size=number)
        level = engagement - force * drift.covariate
        before, usage = usage, _hours(level, rng)
        seen: dict[str, NDArray[Any]] = {
            "customer": who["customer"],
            "month": np.full(number, month),
            "usage": usage.round(2),
            "usage_last_month": before.round(2),
            "login_days": rng.binomial(30, _share(0.9 * level + 0.7 * rng.normal(size=number))),
            "tenure": who["tenure"],
            "price": who["price"],
            "tickets": rng.poisson(np.exp(-0.9 - 0.25 * level)),
            "contract": CONTRACTS[who["yearly"].astype(int)],
            "region": REGIONS[who["region"]],
        }
        odds = _log_odds(seen, who, level, force * drift.concept) + force * drift.base_rate
        if treat is not None and month >= 0:
            seen["treated"] = np.asarray(treat(pd.DataFrame(seen)), dtype=bool)
            odds = odds - relief * seen["treated"]
        risk = _share(odds)
        churned = rng.random(number) < risk
        if truth:
            seen |= {"engagement": level, "risk": risk}
        if month >= 0:
            parts.append(pd.DataFrame(seen | {"churned": churned.astype(int)}))

        new, fresh = _newcomers(rng, number), rng.normal(size=number)
        new["customer"] = known + np.cumsum(churned) - 1
        new["tenure"] = np.zeros(number, dtype=int)
        known += int(churned.sum())
        who["tenure"] = who["tenure"] + 1
        who = {name: np.where(churned, new[name], who[name]) for name in who}
        engagement = np.where(churned, fresh, engagement)
        usage = np.where(churned, _hours(engagement - force * drift.covariate, rng), usage)  # in the month of trial
    return pd.concat(parts, ignore_index=True)


def _newcomers(rng: np.random.Generator, number: int) -> dict[str, NDArray[Any]]:
    yearly = rng.random(number) < 0.35
    return {
        "tenure": np.zeros(number, dtype=int),
        "price": np.clip(rng.normal(20 - 2 * yearly, 4), 8, 40).round(2),
        "yearly": yearly,
        "region": rng.choice(len(REGIONS), size=number, p=SHARES),
    }


def _hours(engagement: Floats, rng: np.random.Generator) -> Floats:
    """Hours of use in a month: log-normal, with a median of 10 for the average customer."""
    hours: Floats = 10 * np.exp(0.6 * engagement + 0.4 * rng.normal(size=len(engagement)))
    return hours


def _log_odds(
    seen: dict[str, NDArray[Any]], who: dict[str, NDArray[Any]], engagement: Floats, concept: float
) -> Floats:
    odds = np.zeros(len(engagement))
    for weight, effects in ((1 - concept, NOW), (concept, LATER)):
        odds += weight * (
            effects.base
            + effects.engagement * engagement
            + effects.tenure * np.log1p(seen["tenure"])
            + effects.price * (seen["price"] - 20)
            + effects.tickets * seen["tickets"]
            + effects.yearly * who["yearly"]
            + np.array(effects.region)[who["region"]]
        )
    return odds


def _share(log_odds: Floats) -> Floats:
    share: Floats = 1 / (1 + np.exp(-log_odds))
    return share

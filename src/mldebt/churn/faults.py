"""What goes wrong with data, each as a function from a table to a spoilt copy of it."""

from collections.abc import Callable

import numpy as np
import pandas as pd


def exit_calls(frame: pd.DataFrame, *, seed: int, known: bool = True) -> pd.DataFrame:
    """Add `exit_calls`, calls to the line where people cancel: written down after the outcome, and because of it.

    Of those who leave, people who use the service little call most: a mean of 20 divided by their hours, at most 8.
    Of those who stay, a few ask what leaving would cost: a mean of 0.05. In a training table the column is filled in
    (`known`). In production the month is not over, and it is 0 for everybody.
    """
    rng = np.random.default_rng([seed, 1])
    leaving = np.clip(20 / frame["usage"].clip(lower=1), 0, 8)
    calls = rng.poisson(np.where(frame["churned"] == 1, leaving, 0.05))
    return frame.assign(exit_calls=calls if known else 0)


def in_minutes(frame: pd.DataFrame, share: float, *, seed: int, column: str = "usage") -> pd.DataFrame:
    """Multiply a share of the rows of a column by 60: a producer sends minutes where hours were agreed."""
    return _where(frame, share, seed, column, lambda values: values * 60)


def silent_zeros(frame: pd.DataFrame, share: float, *, seed: int, column: str = "usage") -> pd.DataFrame:
    """Set a share of the rows of a column to 0: a sensor that fails, and says nothing."""
    return _where(frame, share, seed, column, lambda values: values * 0)


def _where(
    frame: pd.DataFrame, share: float, seed: int, column: str, spoil: Callable[["pd.Series[float]"], "pd.Series[float]"]
) -> pd.DataFrame:
    hit = np.random.default_rng([seed, 2]).random(len(frame)) < share
    return frame.assign(**{column: frame[column].mask(hit, spoil(frame[column]))})

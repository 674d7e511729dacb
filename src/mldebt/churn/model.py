"""A plain logistic regression, quick enough to fit a hundred times in a lesson, and how good its estimates are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

STEPS = 25  # Newton's method needs about six


@dataclass(frozen=True)
class Logistic:
    """A fitted model. `weights` are the changes of the log-odds for one standard deviation of each column.

    Columns of text become columns of 0 and 1, one for each value but the first in the order of the alphabet, named
    `column=value`. A value that was not there when the model was fitted counts as the first.
    """

    columns: tuple[str, ...]
    mean: "pd.Series[float]"
    sd: "pd.Series[float]"
    weights: "pd.Series[float]"
    intercept: float

    @classmethod
    def fit(
        cls, frame: pd.DataFrame, columns: Sequence[str], outcome: str = "churned", penalty: float = 1.0
    ) -> "Logistic":
        """Fit by penalised maximum likelihood (`penalty`/2 times the sum of the squared weights), by Newton's method.

        Raises ValueError when a column is not in the frame or holds what is no finite number.
        """
        encoded = _encode(frame, columns)
        for name in columns:  # one value of each text column is what the others are compared with
            encoded = encoded.drop(columns=encoded.filter(regex=f"^{name}=").columns[:1])
        mean, sd = encoded.mean(), encoded.std(ddof=0).replace(0, 1)
        scaled = ((encoded - mean) / sd).to_numpy()
        if not np.isfinite(scaled).all():
            bad = [str(name) for name in encoded if not np.isfinite(encoded[name]).all()]
            raise ValueError(f"These columns hold missing or infinite numbers: {', '.join(bad)}.")
        design = np.column_stack([np.ones(len(scaled)), scaled])
        truth = frame[outcome].to_numpy(dtype=float)
        ridge = np.diag([1e-9] + [penalty] * scaled.shape[1])
        beta = np.zeros(design.shape[1])
        for _ in range(STEPS):
            share = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
            slope = design.T @ (truth - share) - ridge @ beta
            curvature = (design * (share * (1 - share))[:, None]).T @ design + ridge
            step = np.linalg.solve(curvature, slope)
            beta += step
            if np.abs(step).max() < 1e-8:
                break
        return cls(tuple(columns), mean, sd, pd.Series(beta[1:], index=encoded.columns), float(beta[0]))

    def log_odds(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """Return the log-odds of the outcome for each row, shape (rows,)."""
        encoded = _encode(frame, self.columns).reindex(columns=self.weights.index, fill_value=0.0)
        odds: NDArray[np.float64] = ((encoded - self.mean) / self.sd).to_numpy() @ self.weights.to_numpy()
        return odds + self.intercept

    def predict(self, frame: pd.DataFrame) -> NDArray[np.float64]:
        """Return the probability of the outcome for each row, shape (rows,)."""
        return 1 / (1 + np.exp(-np.clip(self.log_odds(frame), -700, 700)))  # beyond that exp overflows


def auc(outcome: ArrayLike, score: ArrayLike) -> float:
    """Return the chance that a row with the outcome scores higher than one without, ties counting half.

    Mann and Whitney's U, divided by the number of pairs. nan when all outcomes are the same.
    """
    truth = np.asarray(outcome).astype(bool)
    ranks = pd.Series(np.asarray(score, dtype=float)).rank().to_numpy()
    ones, zeros = int(truth.sum()), int((~truth).sum())
    if not ones or not zeros:
        return float("nan")
    return float((ranks[truth].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def log_loss(outcome: ArrayLike, probability: ArrayLike) -> float:
    """Return the mean of -log(probability of what happened), in nats: the lower, the better."""
    truth, share = np.asarray(outcome, dtype=float), np.clip(np.asarray(probability, dtype=float), 1e-12, 1 - 1e-12)
    return float(-np.mean(truth * np.log(share) + (1 - truth) * np.log(1 - share)))


def _encode(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    lacking = [name for name in columns if name not in frame]
    if lacking:
        raise ValueError(f"The table has no column {', '.join(lacking)}.")
    encoded = {}
    for name in columns:
        if pd.api.types.is_numeric_dtype(frame[name]):
            encoded[name] = frame[name].astype(float)
        else:
            for value in sorted(frame[name].unique()):
                encoded[f"{name}={value}"] = (frame[name] == value).astype(float)
    return pd.DataFrame(encoded, index=frame.index)

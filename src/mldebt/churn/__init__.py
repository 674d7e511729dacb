"""The world that every experiment runs in: customers of whom the truth is known, ways to spoil the data, a model.

It needs NumPy and pandas, and nothing else of the course.
"""

from mldebt.churn.faults import exit_calls, in_minutes, silent_zeros
from mldebt.churn.model import Logistic, auc, log_loss
from mldebt.churn.world import FEATURES, Drift, customers

__all__ = ["FEATURES", "Drift", "Logistic", "auc", "customers", "exit_calls", "in_minutes", "log_loss", "silent_zeros"]

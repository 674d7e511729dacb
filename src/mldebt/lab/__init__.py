"""What a notebook of the course imports."""

from IPython import get_ipython

from mldebt.lab.controls import slider
from mldebt.lab.exercise import exercise
from mldebt.lab.figures import with_alternatives
from mldebt.lab.matrix import matrix
from mldebt.lab.quiz import quiz
from mldebt.lab.register import debts, note_debt
from mldebt.lab.trace import trace

if (shell := get_ipython()) is not None:
    with_alternatives(shell)

__all__ = ["debts", "exercise", "matrix", "note_debt", "quiz", "slider", "trace"]

"""What a notebook of the course imports."""

from mldebt.lab.controls import slider
from mldebt.lab.exercise import exercise
from mldebt.lab.quiz import quiz
from mldebt.lab.trace import trace

__all__ = ["exercise", "quiz", "slider", "trace"]

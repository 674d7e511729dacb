"""What a notebook of the course imports."""

from mldebt.lab.exercise import exercise
from mldebt.lab.quiz import quiz

__all__ = ["exercise", "quiz"]

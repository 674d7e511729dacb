"""What differs from learner to learner in exercise 03."""

from mldebt.units.mini_project import vary

__all__ = ["vary"]

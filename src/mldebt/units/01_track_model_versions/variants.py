"""What differs from learner to learner in exercise 01."""

from mldebt.units.mini_project import vary

__all__ = ["vary"]

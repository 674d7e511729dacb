"""A course on technical debt in machine-learning systems, and the engine that checks it."""

__version__ = "0.1.0"

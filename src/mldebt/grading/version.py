"""What a verdict was made by: the content of a unit's checks, and of the engine that applied them."""

import hashlib
from functools import cache
from pathlib import Path

import mldebt
from mldebt import units

_DECIDES = ("checks.py", "quiz.yaml")


@cache
def version_of(unit: str) -> str:
    """Return the SHA-256 of all that decides a verdict. The prose of a unit does not, and is left out."""
    engine = Path(mldebt.__file__).parent / "check"
    decides = [units.load(unit).folder / part for part in _DECIDES]
    digest = hashlib.sha256()
    for path in [*decides, *sorted(engine.glob("*.py"))]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

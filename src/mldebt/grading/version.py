"""What a verdict was made by: the content of a unit's checks, and of the engine that applied them."""

import hashlib
from functools import cache
from pathlib import Path

import mldebt
from mldebt import units
from mldebt.variant import words

_DECIDES = ("checks.py", "quiz.yaml")


@cache
def version_of(unit: str, id: str = units.PUBLIC) -> str:
    """Return the SHA-256 of all that decides a verdict on a variant. The prose of a unit does not, and is left out."""
    package = Path(mldebt.__file__).parent
    decides = [units.load(unit).folder / part for part in _DECIDES]
    digest = hashlib.sha256(repr((id, sorted(words(unit, id).items()))).encode())
    for path in [*decides, *sorted((package / "check").glob("*.py")), package / "variant.py"]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()

"""What a verdict was made by: the checks of a unit, and all of the engine that applied them."""

import hashlib
from functools import cache
from pathlib import Path

import mldebt
from mldebt import units
from mldebt.variant import words

_ENGINE = (
    *("check", "churn", "judge", "room", "wire"),
    *("grading/grade.py", "grading/submission.py", "record.py", "variant.py"),
)
"""Below the package: folders and modules without which a verdict may be another one."""


@cache
def version_of(unit: str, id: str = units.PUBLIC) -> str:
    """Return the SHA-256 of all that decides a verdict on a variant.

    The prose of a unit and the quiz of its lesson decide nothing, and are left out.
    """
    loaded = units.load(unit)
    asked = loaded.quizzes.get("exercise", [])
    digest = hashlib.sha256(repr((id, sorted(words(unit, id).items()), asked)).encode())
    for path in [loaded.folder / "checks.py", *_engine()]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _engine() -> list[Path]:
    package = Path(mldebt.__file__).parent
    found = [package / part for part in _ENGINE]
    return [file for path in found for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]

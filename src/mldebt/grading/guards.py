"""What stops a run before it writes anything: files that are not of the class that they are said to be of."""

from pathlib import Path

from mldebt.clean import clean, some
from mldebt.grading.collect import Collected, CollectError


def check_class(items: Collected, roster: Path) -> None:
    """Raise CollectError when not one file is of a learner on the roster: then all would be marks of nobody."""
    found = sorted({item.learner for item in items})
    if found and found == items.unknown:
        raise CollectError(
            f"{_none_of(items)} of a learner on {roster}; they are of {some([clean(name) for name in found])}. "
            "Give the folder above those of the learners, or another roster."
        )


def _none_of(items: Collected) -> str:
    return f"None of the {len(items)} files is" if len(items) > 1 else "The one file is not"

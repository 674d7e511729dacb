"""The extras of the package: what single units need, so that the course itself stays light to install."""

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, metadata

from packaging.requirements import Requirement

INSTALL = '%pip install -q -c ../constraints.txt -e "..[{extra}]"'
"""What a learner runs in a cell of a notebook. The constraints are the versions that the tests ran with."""


def extras() -> list[str]:
    """Return the names of all extras."""
    return metadata("mldebt").get_all("Provides-Extra") or []


@cache
def packages(extra: str) -> list[str]:
    """Return the names of the packages that an extra brings."""
    listed = map(Requirement, metadata("mldebt").get_all("Requires-Dist") or [])
    return sorted(
        need.name
        for need in listed
        if need.marker and not need.marker.evaluate({"extra": ""}) and need.marker.evaluate({"extra": extra})
    )


def lacking(extra: str) -> list[str]:
    """Return those of them that are not installed."""
    return [name for name in packages(extra) if extra and not _installed(name)]


def _installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True

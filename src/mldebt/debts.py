"""The named debts, and which lessons show them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Debt:
    """A debt that Sculley et al. (2015) name: its id, the section that names it, and what it is in one sentence."""

    id: str
    section: int
    name: str
    says: str


@cache
def named() -> tuple[Debt, ...]:
    """Return all of them, in the order of the paper."""
    entries = yaml.safe_load(Path(__file__).with_name("debts.yaml").read_text(encoding="utf-8"))
    return tuple(Debt(**entry) for entry in entries)

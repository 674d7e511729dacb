"""Units as they are named on the command line: by their names, or by their numbers."""

from typing import Any

import click

from mldebt import units


def find(name: str) -> str:
    """Return the unit that `03`, `3` or `03-keep-the-best` names, or end with the one that may have been meant."""
    try:
        return units.find(name)
    except units.UnitError as error:
        raise click.ClickException(str(error)) from None


def found(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """Be the callback of an argument or option that names units: none, one or many."""
    if isinstance(value, tuple):
        return tuple(find(name) for name in value)
    return None if value is None else find(value)

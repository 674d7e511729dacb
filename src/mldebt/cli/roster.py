"""The roster of a command, with what can go wrong said in a sentence."""

from pathlib import Path

import click

from mldebt.roster import Roster, RosterError, read_roster


def known(path: Path | None) -> Roster | None:
    """Read the roster, if one was given."""
    try:
        return Roster(read_roster(path)) if path else None
    except RosterError as error:
        raise click.ClickException(str(error)) from None

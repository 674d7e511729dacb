"""The command line."""

from importlib import import_module

import click

from mldebt import __version__

COMMANDS = ("build", "check", "export", "feedback", "grade", "lite", "mark", "release", "report", "site")


class _Commands(click.Group):
    """The commands, each loaded from the module of its name when it is called (Click: "Lazily Loading Subcommands")."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"mldebt.cli.{cmd_name}"), cmd_name)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Build, check, release and grade the notebooks of the course on technical debt in machine learning."""

"""The command line: `mldebt build`, `mldebt check` and `mldebt grade`."""

import click

from mldebt import __version__
from mldebt.cli.build import build
from mldebt.cli.check import check
from mldebt.cli.grade import grade


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Build, check and grade the notebooks of the course on technical debt in machine learning."""


for command in (build, check, grade):
    main.add_command(command)

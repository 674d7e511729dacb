"""The command line."""

import click

from mldebt import __version__
from mldebt.cli.build import build
from mldebt.cli.check import check
from mldebt.cli.export import export
from mldebt.cli.feedback import feedback
from mldebt.cli.grade import grade
from mldebt.cli.lite import lite
from mldebt.cli.mark import mark
from mldebt.cli.release import release
from mldebt.cli.report import report
from mldebt.cli.site import site


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Build, check, release and grade the notebooks of the course on technical debt in machine learning."""


for command in (build, check, export, feedback, grade, lite, mark, release, report, site):
    main.add_command(command)

"""The progress bar of all commands: on the standard error, and only where somebody watches."""

import os

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

JOBS = os.cpu_count() or 1


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f} a second" if task.speed else "", style="dim")


def bar(*, rate: bool = False) -> Progress:
    """Return a progress bar; `rate` adds how many are done in a second, and the time that is left."""
    console = Console(stderr=True)
    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    columns += [_Rate(), TimeRemainingColumn()] if rate else [TimeElapsedColumn()]
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

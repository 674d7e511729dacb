"""The files that a command writes: never over what it reads, never half, and into a folder that is there."""

from collections.abc import Sequence
from pathlib import Path

import click

from mldebt import whole


def keep_apart(read: Sequence[Path | None], written: Sequence[Path | None]) -> None:
    """Refuse to write over what is read, twice into one file, or into a folder that is not there."""
    taken = [path for path in read if path is not None]
    for path in (path for path in written if path is not None):
        if any(_same(path, other) for other in taken):
            raise click.ClickException(f"{path} would be written over; name another file.")
        if not path.parent.is_dir():
            raise click.ClickException(f"The folder {path.parent} is not there; make it first.")
        taken.append(path)


def _same(path: Path, other: Path) -> bool:
    # Two names of one file need not look alike: there are hard links, and disks on which A.csv is a.csv.
    return path.resolve() == other.resolve() or (path.exists() and other.exists() and path.samefile(other))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there, or end in a sentence."""
    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout, whose place nothing may take
            path.write_bytes(content)
        else:
            whole.write(path, content)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None

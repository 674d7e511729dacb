"""Files that are whole or not there, however the program that writes them ends."""

import contextlib
import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file under another name beside its place, then put it there. Raises OSError."""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)  # noqa: PTH105 - it replaces a file on every system
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise

"""Small JSON files in the learner's own folder: each whole or not there, and a damaged one set aside."""

import contextlib
import itertools
import json
import os
import tempfile
from pathlib import Path
from typing import Any


class Store:
    """JSON files below one folder. With None, and where the folder refuses, they live as long as this object.

    `warning` is what the learner should be told of the folder, or empty.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._here: dict[str, Any] = {}
        self.warning = ""

    def read(self, name: str) -> Any:
        """Return what a file holds, or None when it is not there or is no JSON."""
        if self._folder is None or name in self._here:
            return self._here.get(name)
        try:
            data = json.loads((self._folder / name).read_text(encoding="utf-8"))
            if data is None:
                raise ValueError
            return data
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, RecursionError):
            self.set_aside(name)
        except OSError as error:
            self.warning = f"Your progress cannot be read: {error.strerror} ({self._folder / name})."
        return None

    def set_aside(self, name: str) -> None:
        """Keep a damaged file under another name, so that nothing is lost and the next one is whole."""
        if self._folder is None:
            return
        path = self._folder / name
        names = (path.with_suffix(f".damaged{number or ''}") for number in itertools.count())
        aside = next(aside for aside in names if not aside.exists())  # an earlier one is kept as well
        self.warning = f"{path} was damaged; it is kept as {aside.name}, and begins afresh."
        with contextlib.suppress(OSError):
            path.replace(aside)

    def write(self, name: str, data: Any) -> None:
        """Write a file beside the old one, and then put it in its place: at no moment is there half a file."""
        if self._folder is None:
            self._here[name] = data
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, new = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(data, file)
            Path(new).replace(self._folder / name)
            self._here.pop(name, None)
        except OSError as error:
            self._here[name] = data
            self.warning = f"Your progress cannot be kept: {error.strerror} ({self._folder})."

    def take_warning(self) -> str:
        """Return the warning and forget it: one thing is told once."""
        warning, self.warning = self.warning, ""
        return warning

    def forget(self, name: str) -> None:
        """Delete a file."""
        self._here.pop(name, None)
        if self._folder is not None:
            (self._folder / name).unlink(missing_ok=True)

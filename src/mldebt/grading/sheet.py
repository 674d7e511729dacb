"""A CSV file in which single cells are filled in, while every other byte stays as it is.

The csv module reads cells and forgets how they were written; what a platform exported should come back to it unchanged.
"""

import csv
import re
from pathlib import Path


class SheetError(ValueError):
    """The file cannot be used. The message is one sentence that names it and says what to do."""


class Sheet:
    """The table in the file at `path`, a list of rows of cells."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise SheetError(f"{path} is not UTF-8; export it again, and do not open it before.") from None
        except OSError as error:
            raise SheetError(f"{path} cannot be read: {error.strerror}; name the file that you exported.") from None
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        self._delimiter = _delimiter(text)
        self._raw = self._split(text.removeprefix(self._mark))
        self.rows = [[_plain(raw) for raw, _ in row] for row in self._raw]

    def _split(self, text: str) -> list[list[tuple[str, str]]]:
        """Return each cell as it is written, with what stands behind it."""
        if not text.strip():
            raise SheetError(f"{self.path} is empty; export it again.")
        off = re.escape(self._delimiter)
        cell = re.compile(rf'("(?:[^"]|"")*"|[^"\r\n{off}][^\r\n{off}]*|)({off}|\r\n|\n|\r|\Z)')
        rows: list[list[tuple[str, str]]] = [[]]
        at = 0
        while True:
            found = cell.match(text, at)
            if found is None:
                raise SheetError(f"{self.path}: row {len(rows)} is no row of a CSV file; export it again.")
            rows[-1].append((found[1], found[2]))
            at = found.end()
            if found[2] != self._delimiter:
                if at == len(text):
                    return rows
                rows.append([])

    def column(self, name: str) -> int:
        """Return the place of the column with this title; -1 if there is none."""
        titles = [title.strip() for title in self.rows[0]]
        return titles.index(name) if name in titles else -1

    def cell(self, row: int, column: int) -> str:
        """Return a cell's text; nothing where the row is too short, or the column is -1."""
        return self.rows[row][column] if 0 <= column < len(self.rows[row]) else ""

    def fill(self, row: int, column: int, text: str) -> None:
        """Write a cell, in quotes where it needs them or had them."""
        raw, end = self._raw[row][column]
        quoted = raw.startswith('"') or any(sign in text for sign in (self._delimiter, '"', "\r", "\n"))
        self._raw[row][column] = (_quoted(text) if quoted else text, end)
        self.rows[row][column] = text

    def bytes(self) -> bytes:
        """Return the file's content as it is now."""
        return (self._mark + "".join(raw + end for row in self._raw for raw, end in row)).encode()


def _delimiter(text: str) -> str:
    try:
        return csv.Sniffer().sniff(text.split("\n", 1)[0], delimiters=",;\t").delimiter
    except csv.Error:
        return ","


def _plain(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

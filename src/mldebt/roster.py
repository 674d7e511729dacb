"""The roster: who is in the class, and how the learning platform knows them.

A CSV file with the columns `learner` (the id that file names and marks use) and `name`, and as many of `email`,
`canvas_id`, `moodle_id`, `sis_id` and `section` as there are. Further columns are passed over.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("learner", "name")
KNOWN = (*NEEDED, "email", "canvas_id", "moodle_id", "sis_id", "section")
_IDS = ("canvas_id", "moodle_id", "sis_id")


class RosterError(ValueError):
    """The file cannot be used as a roster. The message is one sentence that names it and says what to do."""


@dataclass(frozen=True)
class Learner:
    """One learner: `id` names their files and marks, the other ids are those of the learning platform, if known."""

    id: str
    name: str
    email: str = ""
    canvas_id: str = ""
    moodle_id: str = ""
    sis_id: str = ""
    section: str = ""


def read_roster(path: Path) -> list[Learner]:
    """Read a roster, in the order of the file. Raises RosterError.

    Spreadsheets write a byte order mark and, in many countries, semicolons: both are read.
    """
    lines = _table(path)
    if not lines:
        raise RosterError(
            f"{path} is empty; its first line needs the columns {' and '.join(NEEDED)}, and may have "
            f"{', '.join(KNOWN[len(NEEDED) :])}."
        )
    header = [name.strip().lower() for name in lines[0][1]]
    for column in NEEDED:
        if column not in header:
            raise RosterError(f"{path} lacks the column {column!r}; its first line is {', '.join(header)}.")
    repeated = sorted(name for name in KNOWN if header.count(name) > 1)
    if repeated:
        raise RosterError(f"{path} has the column {repeated[0]!r} twice; keep one of them.")
    learners = {number: _learner(path, number, header, cells) for number, cells in lines[1:]}
    if not learners:
        raise RosterError(f"{path} names no learner; add a line for each below its first.")
    _no_twins(path, learners)
    return list(learners.values())


def _table(path: Path) -> list[tuple[int, list[str]]]:
    """Return the lines that hold something, each with its number."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RosterError(f"{path} is not UTF-8; save it as 'CSV UTF-8'.") from None
    except OSError as error:
        raise RosterError(f"{path} cannot be read: {error.strerror}; name the roster of the class.") from None
    if "\0" in text:
        raise RosterError(f"{path} is not a text file; save the roster as 'CSV UTF-8'.")
    try:  # of what the sniffer finds only the delimiter is safe: a first line without quotes tells nothing of quotes
        delimiter = csv.Sniffer().sniff(text.split("\n", 1)[0], delimiters=",;\t").delimiter
    except csv.Error:
        delimiter = ","  # one column only
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise RosterError(f"{path}:{reader.line_num} is no line of a CSV file: {error}.") from None


def _learner(path: Path, number: int, header: list[str], cells: list[str]) -> Learner:
    if any(cell.strip() for cell in cells[len(header) :]):  # a name with a comma in it would end in other columns
        raise RosterError(
            f"{path}:{number} has {len(cells)} cells, and there are {len(header)} columns; put quotes around a text "
            "that has the separator in it."
        )
    given = dict(zip(header, cells, strict=False))
    found = {column: given.get(column, "").strip() for column in KNOWN}
    for column in NEEDED:
        if not found[column]:
            raise RosterError(f"{path}:{number} has no {column}; fill it in, or delete the line.")
    # The id becomes a folder's name: what would lead elsewhere, or nowhere, is refused here.
    id = found.pop("learner")
    if "/" in id or "\\" in id or id in (".", "..") or not id.isprintable():
        raise RosterError(f"{path}:{number} the learner {id!r} cannot name a folder; use letters, digits, - and _.")
    return Learner(id, **found)


def _no_twins(path: Path, learners: dict[int, Learner]) -> None:
    """Refuse ids that are there twice, in any spelling: a file could not be told to belong to one of them."""
    for column in ("id", *_IDS):
        seen: dict[str, int] = {}
        for number, learner in learners.items():
            value = getattr(learner, column)
            first = seen.setdefault(plain(value), number) if value else number
            if first != number:
                was, lines = learners[first], f"in lines {first} and {number}"
                what = "learner" if column == "id" else column
                ids = "" if column == "id" else f" ({was.id} and {learner.id})"
                twice = f"{value!r} twice{ids}, {lines}"
                if (other := getattr(was, column)) != value:
                    twice = f"{other!r} and {value!r} {lines}, which are the same but for capitals or spaces"
                raise RosterError(f"{path} has the {what} {twice}; each needs their own.")


def plain(text: str) -> str:
    """Bring a name into one spelling: case, composed accents and runs of spaces do not matter."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


class Roster:
    """Whose an id or a name is that a file carries. A name that two learners have is nobody's."""

    def __init__(self, learners: Iterable[Learner]) -> None:
        self.learners = tuple(learners)
        self._ids = {
            column: {plain(getattr(one, column)): one for one in self.learners if getattr(one, column)}
            for column in ("id", *_IDS)
        }
        self._names: dict[str, list[Learner]] = {}
        for one in self.learners:
            for name in {plain(one.name), squeezed(one.name), *_turned(one.name)}:
                self._names.setdefault(name, []).append(one)

    def by_id(self, column: str, value: str) -> Learner | None:
        """Return the learner whose `column` (id, canvas_id, moodle_id or sis_id) is `value`."""
        return self._ids[column].get(plain(value)) if value else None

    def by_name(self, name: str) -> Learner | None:
        """Return the one learner of that full name, or of `lastnamefirstname` as Canvas writes it."""
        found = self._names.get(plain(name)) or self._names.get(squeezed(name)) or []
        return found[0] if len(found) == 1 else None


def squeezed(name: str) -> str:
    """Write a name as Canvas does in file names: lower case, without spaces, commas, hyphens and the like."""
    return "".join(character for character in plain(name) if character.isalnum())


def _turned(name: str) -> set[str]:
    """Put the last name first. Where it begins is not known: Anna van der Berg is found as all that she may be."""
    words = name.replace(",", " ").split()
    return {squeezed("".join(words[at:] + words[:at])) for at in range(len(words))}

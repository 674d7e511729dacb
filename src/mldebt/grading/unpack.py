"""A zip file from strangers, unpacked without harm: what is refused is refused by name, the rest is taken.

No member is written under its own name, so none can leave the folder. Only notebooks, and the times that nbgrader
writes beside them, are written at all.
"""

import datetime as dt
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mldebt.grading.submission import MAX_FILE, known_units

MAX_MEMBERS = 50_000
MAX_TOTAL = 2 << 30
MAX_RATIO = 200
"""Members of a zip, bytes that are unpacked of it, and how many times larger than packed a file above 1 MB may be."""

_NESTED = "It is an archive within the zip; look into it, and put its notebook into a folder for this learner."
TIMESTAMP = "timestamp.txt"
ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
PASSED_OVER = frozenset({".ipynb_checkpoints", "__MACOSX", ".git", ".DS_Store"})


@dataclass(frozen=True)
class Member:
    """A file of a zip: `path` is where it lies now, None if it was not unpacked; `refused` says why, if it was."""

    name: str
    path: Path | None
    time: dt.datetime | None
    refused: str = ""


class UnpackError(ValueError):
    """The whole zip is refused. The message is one sentence that says why."""


def unpack(archive: Path, folder: Path) -> Iterator[Member]:
    """Unpack the notebooks of `archive` into `folder`, and yield all its files. Raises UnpackError."""
    try:
        opened = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise UnpackError("It is no zip file, or a damaged one; download it again.") from None
    with opened:
        members = [info for info in opened.infolist() if not info.is_dir() or info.file_size]
        if len(members) > MAX_MEMBERS:
            raise UnpackError(f"It holds more than {MAX_MEMBERS:,} files; split it.")
        left = MAX_TOTAL
        for number, info in enumerate(members):
            name = _name(info)
            if PASSED_OVER & set(PurePosixPath(name).parts) or PurePosixPath(name).name.startswith("._"):
                continue
            wanted = name.endswith(".ipynb") or PurePosixPath(name).name == TIMESTAMP
            why = _no_file(info, name) or (_too_much(info, left) if wanted else "")
            path = folder / str(number) / _own_name(name)
            if wanted and not why:
                path.parent.mkdir(parents=True)
                why, taken = _write(opened, info, path, min(MAX_FILE, left))
                left -= taken
            yield Member(name, path if wanted and not why else None, _time(info), why)


def _own_name(name: str) -> str:
    """Return what a copy is called: by its unit, which may stand nowhere but in its name."""
    if not name.endswith(".ipynb"):
        return TIMESTAMP
    return next((unit for unit in known_units() if unit in PurePosixPath(name).name), "notebook") + ".ipynb"


def _name(info: zipfile.ZipInfo) -> str:
    """Return the member's name; one that is not marked as UTF-8 may be so all the same."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return info.filename


def is_safe(name: str) -> bool:
    """Tell whether a member's name stays below the folder that it is unpacked into, on any system."""
    parts = name.replace("\\", "/").split("/")
    return not (name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name)


def _no_file(info: zipfile.ZipInfo, name: str) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if not is_safe(name):
        return "Its path leads out of the zip."
    if stat.S_ISLNK(kind):
        return "It is a link; a file is needed."
    if kind not in (0, stat.S_IFREG):
        return "It is not a regular file."
    if name.lower().endswith(ARCHIVES):
        return _NESTED
    return ""


def _too_much(info: zipfile.ZipInfo, left: int) -> str:
    if info.flag_bits & 0x1:
        return "It is encrypted; unpack it with its password first."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "It is packed in a way that no learning platform uses; pack it again."
    if info.file_size > MAX_FILE:
        return f"It is larger than {MAX_FILE >> 20} MB; clear its outputs."
    if info.file_size > 1 << 20 and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"It grows to more than {MAX_RATIO} times its size when it is unpacked; clear its outputs."
    return "" if left else "It is beyond the 2 GB that a zip may hold; split the zip."


def _write(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, most: int) -> tuple[str, int]:
    """Write at most `most` bytes, whatever the zip claims. Return why it was not done, and the bytes."""
    try:
        with opened.open(info) as member:
            data = member.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        return "It is damaged; download it again.", 0
    if len(data) > most:
        return "It is larger than the zip says, or than may be unpacked.", most
    if data[:4] == b"PK\x03\x04":
        return _NESTED, len(data)
    path.write_bytes(data)
    return "", len(data)


def _time(info: zipfile.ZipInfo) -> dt.datetime | None:
    """Return the member's time. A zip has no time zone; it is read as that of this machine."""
    try:
        return dt.datetime(*info.date_time).astimezone()
    except (ValueError, OverflowError, OSError):
        return None

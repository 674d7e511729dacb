"""The files of a class, from folders and zips: where each lies, what it was called, and when it was handed in."""

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mldebt.grading.late import read_timestamp
from mldebt.grading.lms import Sender, sender
from mldebt.grading.unpack import PASSED_OVER, TIMESTAMP, UnpackError, is_safe, unpack

SUBMITTED = "submitted"
_AT_ONCE = dt.timedelta(hours=1)
_TOPS = (SUBMITTED, "submissions")


class CollectError(ValueError):
    """There is nothing to grade. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class File:
    """One file. `name` is its path below what holds it, `label` what it is called in marks and messages.

    `path` is where it can be read, `time` when it was handed in if that is known, `stamp` the time that it carries;
    `holder` is the folder or the zip that it came in, `refused` why it is not to be read.
    """

    name: str
    label: str
    path: Path | None
    time: dt.datetime | None = None
    stamp: dt.datetime | None = None
    holder: Path = Path()
    sender: Sender | None = None
    refused: str = ""

    @property
    def counts(self) -> bool:
        """Tell whether it has to be graded, or refused by name."""
        if self.sender and self.sender.plugin != "file":  # Moodle's onlinetext: what was typed into a form
            return False
        return bool(self.refused) or self.name.endswith(".ipynb") or (self.path is not None and self.path.is_symlink())


def find(root: Path, unpacked: Path | None) -> tuple[list[File], list[str]]:
    """Return all files of `root`, and remarks about the times that they carry. Raises CollectError."""
    if not os.path.lexists(root):
        raise CollectError(f"{root} is not there; name the folder, or the zip, of the submissions.")
    remarks: list[str] = []
    if not root.is_dir():
        if root.suffix.lower() == ".zip":
            return _unpacked(root, unpacked, remarks), remarks
        return [_loose(root, root.parent)], remarks
    if (root / SUBMITTED).is_dir():  # the folder of an nbgrader course; beside it lie the source and the release
        root = root / SUBMITTED
    files: list[File] = []
    for path in _walk(root):
        if path.suffix.lower() != ".zip" or path.is_symlink():
            files.append(_loose(path, root))
        elif path.parent == root:
            files += _unpacked(path, unpacked, remarks)
        else:
            why = "It is a zip in a learner's folder; look into it, and put its notebook beside it."
            files.append(File(path.relative_to(root).as_posix(), str(path), None, refused=why))
    return files, remarks


def _walk(folder: Path) -> Iterator[Path]:
    """Yield files, links, and what pretends to be a notebook; folders are walked, links are not."""
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:  # one learner's folder that cannot be opened is that learner's problem
        yield folder / ".ipynb"
        return
    for entry in entries:
        if entry.name in PASSED_OVER:
            continue
        if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".ipynb"):
            yield from _walk(Path(entry.path))
        else:
            yield Path(entry.path)


def _loose(path: Path, root: Path) -> File:
    name = path.relative_to(root).as_posix()
    stamp = None
    with contextlib.suppress(OSError, ValueError, OverflowError):
        stamp = dt.datetime.fromtimestamp(path.lstat().st_mtime).astimezone()
    time = _timestamp(path.with_name(TIMESTAMP)) or stamp
    return File(name, str(path), path, time, time, root, sender(name))


def _timestamp(path: Path) -> dt.datetime | None:
    """Read the time that nbgrader noted beside a submission."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 1000:
            return None
        return read_timestamp(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        return None


def _unpacked(archive: Path, unpacked: Path | None, remarks: list[str]) -> list[File]:
    if unpacked is None:
        raise ValueError(f"{archive} is a zip: name a folder to unpack it into")
    folder = unpacked / str(len(list(unpacked.iterdir())))
    folder.mkdir()
    try:
        members = list(unpack(archive, folder))
    except UnpackError as error:
        return [File("", str(archive), None, holder=archive, refused=str(error))]
    except OSError as error:
        raise CollectError(f"{archive} cannot be unpacked: {error.strerror}.") from None
    times = {
        PurePosixPath(member.name).parent: _timestamp(member.path)
        for member in members
        if member.path and PurePosixPath(member.name).name == TIMESTAMP
    }
    top = _top([member.name for member in members], archive)
    files = []
    for member in members:
        name = member.name.removeprefix(top)
        by = sender(name) if is_safe(name) else None
        time = times.get(PurePosixPath(member.name).parent) or member.time
        label = f"{archive}/{member.name}"
        files.append(File(name, label, member.path, time, time, archive, by, member.refused))
    return _without_download_times(files, archive, remarks)


def _top(names: list[str], archive: Path) -> str:
    """Return the one folder around all learners' folders, as a system writes it when a folder is zipped."""
    tops = {name.split("/", 1)[0] for name in names}
    top = tops.pop() if len(tops) == 1 else ""
    wrapped = top.casefold() in (archive.stem.casefold(), *_TOPS) and all("/" in name for name in names)
    return f"{top}/" if wrapped else ""


def _without_download_times(files: list[File], archive: Path, remarks: list[str]) -> list[File]:
    """Forget times that Canvas and Moodle gave the files as they packed them: they say nothing of handing in."""
    stamps = [file.stamp for file in files if file.sender and file.stamp]
    if not stamps or max(stamps) - min(stamps) > _AT_ONCE:
        return files
    remarks.append(
        f"The times in {archive} all lie within an hour: they are taken for those of the download, so when the files "
        "were handed in is not known, and only what Canvas marks as LATE counts as late."
    )
    return [
        File(**{**vars(file), "time": None}) if file.sender else file  # the stamp still says which zip is newer
        for file in files
    ]

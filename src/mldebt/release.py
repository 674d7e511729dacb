"""A release: the exercises as each learner of a class gets them, and the file that says whose variant is whose.

`learners/ID/NN-slug.ipynb` is handed out, and `learners.csv` says to whom. `release.json` holds the seed, stays with
the instructor, and is what `mldebt grade --release` needs.
"""

import csv
import io
import json
import secrets
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from mldebt import __version__, units, variant, whole
from mldebt.grading.collect import HandedIn
from mldebt.grading.tables import cell
from mldebt.notebook import as_text
from mldebt.roster import Learner

FILE, LIST = "release.json", "learners.csv"
EACH, NONE = "each", "none"


class ReleaseError(ValueError):
    """A release cannot be made or read. The message is one sentence that names the file and says what to do."""


@dataclass(frozen=True)
class Release:
    """What was handed out to whom. `variants` is `each` or `none`; `hints` is how many may be seen, None for all."""

    seed: str
    units: tuple[str, ...]
    variants: str
    hints: int | None
    learners: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of the release itself. Like those of its variants, it tells nothing of the seed."""
        return variant.new_id(self.seed, f"\n{self.variants}")  # no learner's id begins a new line

    def id_of(self, learner: str) -> str:
        """Return the id of a learner's variants."""
        return variant.new_id(self.seed, learner) if self.variants == EACH else units.PUBLIC

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a release file. Raises ReleaseError."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            parts = {key: data[key] for key in ("seed", "units", "variants", "hints", "learners")}
        except OSError as error:
            raise ReleaseError(
                f"{path} cannot be read: {error.strerror}; name the release.json of the class."
            ) from None
        except (ValueError, KeyError, TypeError):
            raise ReleaseError(
                f"{path} is no release file; name the release.json that `mldebt release` wrote."
            ) from None
        return cls(**{**parts, "units": tuple(parts["units"]), "learners": tuple(parts["learners"])})


def parse_units(text: str) -> list[str]:
    """Read `01-05,08` or whole names into the names of units, in the order of the course.

    Raises ReleaseError or UnitError.
    """
    known = units.names()
    found: set[str] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and last.isdecimal()):
            found.add(units.find(part))
            continue
        if int(last) < int(first):
            raise ReleaseError(f"the range {part} runs backwards; write {last}-{first}.")
        numbered = {int(name[:2]): name for name in known}
        numbers = range(int(first), int(last) + 1)
        if (missing := next((number for number in numbers if number not in numbered), None)) is not None:
            raise ReleaseError(f"{part}: there is no unit {missing:02}; the last unit is {known[-1][:2]}.")
        found |= {numbered[number] for number in numbers}
    if not found:
        raise ReleaseError("--units names no unit; write numbers such as 01-05,08.")
    return sorted(found)


def write_release(
    learners: Sequence[Learner],
    names: Sequence[str],
    out: Path,
    *,
    variants: str = EACH,
    hints: int | None = None,
    seed: str | None = None,
    done: Callable[[], None] = lambda: None,
) -> Release:
    """Write the exercises of all learners and the release file below `out`; return what was released.

    A release that is there already is gone on with: its seed and settings stay, so that whoever joins the class later
    gets a variant of the same release. Raises ReleaseError when what is asked for contradicts it, or a file is there
    that is not what would be written.
    """
    release = _begun(out, [learner.id for learner in learners], names, variants, hints, seed)
    files = {out / "learners" / learner.id / f"{name}.ipynb": (learner, name) for learner in learners for name in names}
    there = {path for path in files if path.exists()}
    for path in sorted(there):
        if path.read_text(encoding="utf-8", errors="replace") != _text(release, *files[path]):
            raise ReleaseError(
                f"{path} is not what would be written: it was edited, or the course has changed since; move it away, "
                "or name another folder with --out."
            )
        done()
    # Before the exercises, so that the same command goes on with a release that was ended half-way.
    _write(out / FILE, json.dumps({"mldebt": __version__, **asdict(release)}, indent=1) + "\n")
    for path in [path for path in files if path not in there]:
        _write(path, _text(release, *files[path]))
        done()
    _write(out / LIST, _listed(out, files))
    return release


def others(out: Path, learners: Sequence[Learner], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return which learners and which units lie in a release's folder besides these."""
    folders = [path for path in (out / "learners").glob("*") if path.is_dir()]
    units_there = {path.stem for folder in folders for path in folder.glob("*.ipynb")}
    ids = {learner.id for learner in learners}
    return sorted(folder.name for folder in folders if folder.name not in ids), sorted(units_there - set(names))


def _listed(out: Path, files: Mapping[Path, tuple[Learner, str]]) -> str:
    """Return a table that a mail merge takes: a line for each file, with whose it is."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["learner", "name", "email", "file"])
    for path, (learner, _) in files.items():
        shown = [learner.id, learner.name, learner.email, path.relative_to(out).as_posix()]
        writer.writerow([cell(value) for value in shown])
    return table.getvalue()


def _text(release: Release, learner: Learner, name: str) -> str:
    return exercise(name, release.id_of(learner.id), release.hints)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    whole.write(path, text.encode())


def exercise(name: str, id: str, hints: int | None) -> str:
    """Return the text of a learner's exercise notebook."""
    try:
        from mldebt.build.source import Handout, compose
    except ModuleNotFoundError as error:
        raise ReleaseError(f"writing a release needs {error.name}: pip install 'mldebt[author]'") from None
    handout = Handout(id, hints)
    if id == units.PUBLIC:
        notebook, _ = compose(units.load(name), "exercise", handout)
    else:
        with tempfile.TemporaryDirectory(prefix="mldebt-release-") as place:
            notebook, _ = compose(units.load(name, variant.write(name, id, Path(place))), "exercise", handout)
    return as_text(notebook)


def assigned(release: Release, items: Sequence[HandedIn]) -> list[HandedIn]:
    """Let each file be judged as its learner's own variant, whichever it holds; a note says where they differ."""
    whose = {release.id_of(learner): learner for learner in release.learners}
    found = []
    for item in items:
        if item.problem:
            found.append(item)
        elif item.learner not in release.learners:
            note = "This learner is not in the release; the file is judged as the variant that it says it is."
            found.append(replace(item, notes=(*item.notes, note)))
        elif item.variant == (own := release.id_of(item.learner)):
            found.append(item)
        else:
            what = f"the variant of {whose[item.variant]}" if item.variant in whose else "no variant of this release"
            what = "the public exercise" if item.variant == units.PUBLIC else what
            note = f"{Path(item.file or item.path).name} holds {what}; it is judged as this learner's own."
            found.append(replace(item, variant=own, notes=(*item.notes, note)))
    return found


def _begun(
    out: Path, learners: Sequence[str], names: Sequence[str], variants: str, hints: int | None, seed: str | None
) -> Release:
    if not (out / FILE).exists():
        return Release(seed or secrets.token_hex(16), tuple(names), variants, hints, tuple(learners))
    old = Release.read(out / FILE)
    for what, was, now in (("variants", old.variants, variants), ("hints", old.hints, hints)):
        if was != now:
            raise ReleaseError(f"{out / FILE} was made with {what} {was}, not {now}; name another folder with --out.")
    if seed not in (None, old.seed):
        raise ReleaseError(f"{out / FILE} was made with another seed; name another folder with --out.")
    both = tuple(sorted({*old.units, *names}))
    return Release(old.seed, both, variants, hints, tuple(dict.fromkeys([*old.learners, *learners])))

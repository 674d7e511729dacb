"""What stops a run before it writes a mark: files, or a gradebook, of another class or another release."""

from pathlib import Path

from mldebt.clean import few
from mldebt.grading.collect import Collected, CollectError
from mldebt.grading.gradebook import Gradebook, GradebookError
from mldebt.release import Release, ReleaseError
from mldebt.roster import Roster
from mldebt.units import PUBLIC


def check_class(items: Collected, roster: Path) -> None:
    """Raise CollectError when not one file is of a learner on the roster: then all would be marks of nobody."""
    found = sorted({item.learner for item in items})
    if found and found == items.unknown:
        raise CollectError(
            f"{_none_of(items)} of a learner on {roster}; they are of {few(found)}. "
            "Give the folder above those of the learners, or another roster."
        )


def check_members(items: Collected, release: Release, file: Path) -> None:
    """Raise ReleaseError when not one file is of a learner of the release: then all would be their own judges."""
    if items.items and not {item.learner for item in items} & set(release.learners):
        raise ReleaseError(f"{_none_of(items)} of a learner in {file}: is --roster missing, or another's?")


def check_public(items: Collected) -> None:
    """Raise ReleaseError when there are variants: without the release a copy of another's earns full marks."""
    varied = [item.learner for item in items if item.variant != PUBLIC]
    if varied:
        raise ReleaseError(
            f"These are variants of a release ({few(sorted(set(varied)))}): give its release.json with --release. "
            "--no-release judges each file as the variant that it says it is, a copy of another's too."
        )


def check_book(book: Gradebook, release: Release | None) -> None:
    """Raise GradebookError when it was graded with another release, or with one and now without."""
    if not book.release:
        return
    if release is None:
        raise GradebookError(f"{book.path} was graded with a release: give its release.json with --release.")
    if release.id != book.release:
        raise GradebookError(
            f"{book.path} was graded with another release: give the release.json of that one, or another gradebook."
        )


def strangers(book: Gradebook, roster: Roster) -> list[str]:
    """Return who has marks and is not on the roster, where that is most learners of the gradebook."""
    marked = [
        learner
        for (learner,) in book.read("SELECT learner FROM mark EXCEPT SELECT learner FROM excluded ORDER BY learner")
    ]
    there = {learner.id for learner in roster.learners}
    found = [learner for learner in marked if learner not in there]
    return found if 2 * len(found) > len(marked) else []


def _none_of(items: Collected) -> str:
    return f"None of the {len(items)} files is" if len(items) > 1 else "The one file is not"

"""A run: the files of a class to marks in a gradebook. What is known already is not judged again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from mldebt.grading.clerk import read_outcomes
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.local import Reply
from mldebt.grading.version import version_of


class Judges(Protocol):
    """Whoever judges: processes of this machine, or a cluster."""

    def judge(self, items: Iterable[HandedIn]) -> Iterator[tuple[HandedIn, Reply]]:
        """Yield each submission with its reply, as they are done."""


def run(
    items: Iterable[HandedIn],
    gradebook: Gradebook,
    judges: Callable[[], Judges],
    walls: bool = True,
    done: Callable[[HandedIn], None] = lambda item: None,
) -> int:
    """Record a mark for each file and return how many had to be judged.

    `judges` is asked for only when there is something to judge. `done` is called after each file was recorded.
    """
    new = []
    for item in items:
        if item.problem:
            gradebook.record(item)
        elif gradebook.knows(item.digest, item.unit, version_of(item.unit, item.variant), walls):
            gradebook.record(item, version_of(item.unit, item.variant), walls)
        else:
            new.append(item)
            continue
        done(item)
    if not new:
        return 0
    for item, reply in judges().judge(new):
        if "problem" in reply:
            gradebook.record(replace(item, problem=reply["problem"], message=reply["message"]))
        else:
            # The file may have been replaced since it was found: what was judged counts.
            judged = replace(item, digest=reply["digest"], unit=reply["unit"])
            gradebook.record(
                judged, reply["version"], walls, read_outcomes(reply), tuple(reply["notes"]), reply["work"]
            )
        done(item)
    return len(new)

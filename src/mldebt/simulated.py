"""A class that does not exist: learners of different ability who answer from the banks of attempts.

It is what the report and the grading are tried on. Each learner has an ability and each question a difficulty; how
they meet decides whether a right or another attempt is drawn (G. Rasch (1960), Probabilistic models for some
intelligence and attainment tests).
"""

import json
import math
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from mldebt import units, variant
from mldebt.build.attempts import Attempt, read_attempts
from mldebt.check import Status
from mldebt.check.source import ANY_MARKER, marker

Answers = dict[str, Attempt]
"""The attempt of a learner at each question of a unit."""


def answers(learners: Sequence[str], unit: str, seed: str, ids: Mapping[str, str] | None = None) -> dict[str, Answers]:
    """Draw what each learner answers to a unit; with `ids`, an answer to their own variant.

    The bank of a variant has the attempts of the public one in the same order, so the draw is the same for all.
    """
    public = read_attempts(units.load(unit))
    difficulty = {id: Random(f"{seed}/{unit}/{id}").gauss(0, 0.8) for id in units.load(unit).questions}
    found = {}
    for learner in learners:
        ability = Random(f"{seed}/{learner}").gauss(0.6, 1.4)  # the same in all units
        draw = Random(f"{seed}/{learner}/{unit}")
        bank = _bank(unit, ids[learner]) if ids else public
        found[learner] = {id: bank[_choose(public, id, ability - hard, draw)] for id, hard in difficulty.items()}
    return found


def fill_in(notebook: Path, given: Answers) -> None:
    """Write the answers into a learner's notebook, as the learner would."""
    for question, attempt in given.items():
        write_answer(notebook, question, attempt.code)


def write_answer(notebook: Path, question: str, code: str) -> None:
    """Write one answer into its cell."""
    data = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in data["cells"]:
        found = ANY_MARKER.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
        if found and found[1] == question:
            cell["source"] = f"{marker(question)}\n{code.strip()}"
    notebook.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _bank(unit: str, id: str) -> list[Attempt]:
    with tempfile.TemporaryDirectory(prefix="mldebt-simulated-") as place:
        return read_attempts(units.load(unit, variant.write(unit, id, Path(place))))


_OFTEN = {Status.WRONG: 9, Status.NOT_ATTEMPTED: 2, Status.BROKE: 1}
"""How often an answer that is not right is which. One that has to be stopped would take its ten seconds."""


def _choose(public: Sequence[Attempt], question: str, advantage: float, draw: Random) -> int:
    """Return the place of an attempt. Of the wrong ones those that come first are drawn more often than the last."""
    own = [(at, attempt.status) for at, attempt in enumerate(public) if attempt.question == question]
    if draw.random() < 1 / (1 + math.exp(-advantage)):
        return draw.choice([at for at, status in own if status is Status.RIGHT])
    there = [status for status in _OFTEN if any(status is other for _, other in own)]
    chosen = draw.choices(there, [_OFTEN[status] for status in there])[0]
    places = [at for at, status in own if status is chosen]
    return draw.choices(places, [1 / (place + 1) for place in range(len(places))])[0]

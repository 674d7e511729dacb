"""A simulated class is the same each time, gets better with ability, and answers each learner's own variant."""

import json

from mldebt import simulated, units, variant
from mldebt.build.attempts import try_code
from mldebt.check import Status
from mldebt.check.source import ANY_MARKER
from mldebt.release import exercise

UNIT = "03-keep-the-best"
LEARNERS = [f"l{number}" for number in range(40)]


def test_the_same_seed_gives_the_same_class_and_another_one_another():
    assert simulated.answers(LEARNERS, UNIT, "1") == simulated.answers(LEARNERS, UNIT, "1")
    assert simulated.answers(LEARNERS, UNIT, "1") != simulated.answers(LEARNERS, UNIT, "2")
    assert simulated.answers(LEARNERS[:3], UNIT, "1") == dict(list(simulated.answers(LEARNERS, UNIT, "1").items())[:3])


def test_a_class_has_right_and_other_answers_and_none_that_takes_ten_seconds():
    for unit in units.names():
        drawn = [a.status for given in simulated.answers(LEARNERS, unit, "1").values() for a in given.values()]
        assert 0.2 < drawn.count(Status.RIGHT) / len(drawn) < 0.9
        assert Status.TIMED_OUT not in drawn


def test_who_is_able_is_more_often_right_in_other_units_too():
    first, second = (
        {
            who: sum(a.status is Status.RIGHT for a in given.values())
            for who, given in simulated.answers(LEARNERS, unit, "1").items()
        }
        for unit in (UNIT, "05-practice")
    )
    ranked = sorted(LEARNERS, key=first.get)
    assert sum(map(second.get, ranked[20:])) > sum(map(second.get, ranked[:20]))


def test_answers_to_variants_are_the_same_attempts_in_other_words(tmp_path):
    ids = {learner: variant.new_id("s", learner) for learner in LEARNERS[:4]}
    own, public = simulated.answers(list(ids), UNIT, "1", ids), simulated.answers(list(ids), UNIT, "1")
    for learner, id in ids.items():
        path = tmp_path / f"{learner}.ipynb"
        path.write_text(exercise(UNIT, id, None), encoding="utf-8")
        simulated.fill_in(path, own[learner])
        written = [
            "".join(cell["source"]) for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"
        ]
        for question, attempt in own[learner].items():
            assert (attempt.status, attempt.misconception) == (
                public[learner][question].status,
                public[learner][question].misconception,
            )
            assert (
                sum(
                    attempt.code.strip() in cell and ANY_MARKER.search(cell)[1] == question
                    for cell in written
                    if ANY_MARKER.search(cell)
                )
                == 1
            )
        folder = variant.write(UNIT, id, tmp_path / learner)
        judged = try_code(units.load(UNIT, folder), "q1", own[learner]["q1"].code, 1)
        assert judged.status is own[learner]["q1"].status

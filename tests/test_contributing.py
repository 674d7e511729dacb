"""The unit that CONTRIBUTING.md walks through is added, built and judged, as written there."""

from pathlib import Path

import pytest

from mldebt import units
from mldebt.build import Target, produce
from mldebt.build.attempts import read_attempts, try_code, try_stub
from mldebt.build.source import KINDS, compose
from mldebt.build.verify import verify
from mldebt.check import Status

PAGE = Path(__file__).parent.parent / "CONTRIBUTING.md"
NAME = "90-count-the-paths"


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("units")
    home = folder / NAME.replace("-", "_")
    home.mkdir()
    for fence in units.fences(PAGE):
        _, _, file = fence.info.partition(" ")
        if file in units.PARTS:
            (home / file).write_text(fence.text, encoding="utf-8")
    return units.load(NAME, folder)


def test_the_example_keeps_every_rule(unit):
    verify(unit)


def test_the_example_is_judged_as_its_bank_says(unit):
    for attempt in read_attempts(unit):
        outcome = try_code(unit, attempt.question, attempt.code)
        assert (outcome.status, outcome.misconception) == (attempt.status, attempt.misconception), attempt.name
    assert all(try_stub(unit, question).status is Status.NOT_ATTEMPTED for question in unit.questions)


def test_the_example_composes_three_notebooks(unit):
    for kind in KINDS:
        notebook, _ = compose(unit, kind)
        assert notebook.metadata.mldebt.unit == NAME


def test_the_exercise_of_the_example_holds_no_solution(unit):
    text = produce(Target(unit, "exercise", *compose(unit, "exercise")))
    assert "def paths(flags):" in text
    assert "2**flags" not in text

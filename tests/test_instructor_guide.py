"""The guide for instructors says of the units what is true of them."""

import re
import shlex
from pathlib import Path

import click
import pytest

from mldebt import units
from mldebt.cli import main

GUIDE = (Path(__file__).parent.parent / "docs" / "instructor.md").read_text(encoding="utf-8")


def row(name):
    unit = units.load(name)
    points = sum(question.points for question in unit.questions.values())
    return f"| {name[:2]} {unit.title} | {unit.minutes} | {len(unit.questions)} | {points:g} |"


def test_the_table_of_times_has_the_minutes_of_all_units_and_nothing_else():
    table = re.search(r"\| unit \| minutes .*?\n\|[- |]+\n(.*?)\n\n", GUIDE, re.DOTALL)
    assert table[1].splitlines() == [row(name) for name in units.names()]


@pytest.mark.parametrize("name", units.names())
def test_each_unit_has_a_question_to_talk_about_and_what_learners_get_stuck_on(name):
    unit = units.load(name)
    heading = re.escape(f"### {name[:2]} {unit.title}")
    part = re.search(rf"^{heading}\n(.*?)(?=^### |\Z)", GUIDE, re.DOTALL | re.MULTILINE)
    assert part is not None, f"no part on {name}"
    talk, stuck = part[1].split("- Stuck on:")
    assert "?" in talk
    named = set(re.findall(r"`([a-z-]+-[a-z-]+|[a-z]+)`", stuck)) - {"assert"}
    known = {id for question in unit.questions.values() for id in question.misconceptions}
    assert len(named) >= 3
    assert named <= known, f"{name} has no {named - known}"


def test_the_commands_of_the_guide_exist():
    lines = [line.split("mldebt ", 1)[1] for line in GUIDE.splitlines() if line.startswith(".venv/bin/mldebt ")]
    assert len(lines) >= 3
    for line in lines:
        name, *words = shlex.split(line)
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            command = command.commands[words[0]]
        options = {
            option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts
        }
        assert {word for word in words if word.startswith("--")} <= options, line

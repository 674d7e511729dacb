"""A run of what cannot be meant stops in a sentence, before anything is written."""

import pytest
from classroom import UNIT, hand_in, notebook
from click.testing import CliRunner

from mldebt.cli import main
from mldebt.grading.collect import collect
from mldebt.roster import Roster, read_roster

OTHER = "01-track-model-versions"


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("learner,name,canvas_id\nanna,Anna Abel,101\nben,Ben Berg,102\ncy,Cy Coe,103\n")
    return path


def grade(*arguments):
    done = CliRunner().invoke(main, ["grade", *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def test_the_folder_on_the_roster_is_the_learner_s(tmp_path, roster):
    hand_in(tmp_path / "hw" / "week1", "anna", notebook())
    hand_in(tmp_path / "hw" / "week2", "Anna Abel", notebook(OTHER), OTHER)
    hand_in(tmp_path / "hw" / "week2", "zoe", notebook(OTHER), OTHER)
    found = collect(tmp_path / "hw", roster=Roster(read_roster(roster)))
    assert [(item.learner, item.unit) for item in found] == [("anna", OTHER), ("anna", UNIT), ("zoe", OTHER)]
    assert found.unknown == ["zoe"]


def test_files_of_nobody_on_the_roster_are_not_graded(tmp_path, roster):
    for week in ("week1", "week2"):
        hand_in(tmp_path / "hw", week, notebook())
    done = grade(tmp_path / "hw", "--gradebook", tmp_path / "class.db", "--roster", roster)
    assert done.exit_code == 1
    assert done.stderr == (
        f"Error: None of the 2 files is of a learner on {roster}; they are of week1, week2. "
        "Give the folder above those of the learners, or another roster.\n"
    )
    assert not (tmp_path / "class.db").exists()

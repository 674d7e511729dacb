"""A run of what cannot be meant stops in a sentence, before anything is written."""

import shutil

import pytest
from classroom import UNIT, hand_in, notebook
from click.testing import CliRunner
from platforms import on_canvas, pack

from mldebt import units, variant
from mldebt.build.source import answer_cell
from mldebt.cli import main
from mldebt.grading.collect import collect
from mldebt.grading.gradebook import Gradebook
from mldebt.judge.cage import missing
from mldebt.release import Release, exercise, write_release
from mldebt.roster import Roster, read_roster
from mldebt.simulated import write_answer

OTHER = "01-track-model-versions"
walls = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("learner,name,canvas_id\nanna,Anna Abel,101\nben,Ben Berg,102\ncy,Cy Coe,103\n")
    return path


def release(folder, roster, name="out"):
    """Hand out the exercise to the class."""
    return write_release(read_roster(roster), [UNIT], folder / name, seed=f"the seed {name}")


def solved(folder, learner):
    """Return a learner's variant as the learner solved it."""
    id = Release.read(folder / "out" / "release.json").id_of(learner)
    unit = units.load(UNIT, variant.write(UNIT, id, folder / "units"))
    path = folder / "solved.ipynb"
    path.write_text(exercise(UNIT, id, None), encoding="utf-8")
    for question in unit.questions:
        write_answer(path, question, answer_cell(unit, question, solved=True).split("\n", 1)[1])
    shutil.rmtree(folder / "units")
    return path.read_text(encoding="utf-8")


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


def test_a_download_graded_with_a_release_needs_the_roster(tmp_path, roster):
    release(tmp_path, roster)
    files = [(on_canvas(f"Abel, A{number}", number, number), notebook(comment=str(number))) for number in (7, 8)]
    download, file = pack(tmp_path / "hw.zip", files), tmp_path / "out" / "release.json"
    done = grade(download, "--gradebook", tmp_path / "class.db", "--release", file)
    assert done.exit_code == 1
    said = f"Error: None of the 2 files is of a learner in {file}: is --roster missing, or another's?\n"
    assert done.stderr == said
    assert not (tmp_path / "class.db").exists()


def test_variants_without_their_release_are_not_graded(tmp_path, roster):
    release(tmp_path, roster)
    done = grade(tmp_path / "out" / "learners", "--gradebook", tmp_path / "class.db")
    assert done.exit_code == 1
    assert (
        "Error: These are variants of a release (anna, ben, cy): give its release.json with --release." in done.stderr
    )
    assert not (tmp_path / "class.db").exists()
    both = grade(tmp_path, "--gradebook", tmp_path / "class.db", "--no-release", "--release", tmp_path / "r.json")
    assert both.exit_code == 2
    assert "--release and --no-release are one or the other" in both.stderr


@walls
def test_a_gradebook_is_graded_with_one_release(tmp_path, roster):
    release(tmp_path, roster)
    release(tmp_path, roster, "other")
    learners, book = tmp_path / "out" / "learners", tmp_path / "class.db"
    (learners / "ben" / f"{UNIT}.ipynb").write_text(solved(tmp_path, "anna"))  # a copy
    (learners / "anna" / f"{UNIT}.ipynb").write_text(solved(tmp_path, "anna"))
    loose = grade(learners, "--gradebook", book, "--no-release", "--format", "csv")
    assert "WARNING: --no-release: whoever hands in a copy" in loose.stderr
    assert loose.stdout.count("right") == 4

    strict = (learners, "--gradebook", book, "--release", tmp_path / "out" / "release.json")
    done = grade(*strict)
    assert f"Points changed, as the release is another: {UNIT}/q1: ben 1 -> 0." in done.stderr
    assert "Corrected check" not in done.stderr
    assert "Points changed" not in grade(*strict).stderr

    hand_in(tmp_path / "hw", "anna", notebook())
    for arguments, said in (
        ((tmp_path / "hw",), "class.db was graded with a release: give its release.json with --release."),
        ((tmp_path / "hw", "--no-release"), "class.db was graded with a release: give its release.json"),
        ((learners, "--release", tmp_path / "other" / "release.json"), "was graded with another release"),
    ):
        refused = grade(*arguments, "--gradebook", book)
        assert refused.exit_code == 1
        assert said in refused.stderr
    with Gradebook(book) as opened:
        assert "the seed" not in str(opened.read("SELECT * FROM about"))
        assert {mark.learner: sum(o.earned for o in mark.outcomes) for mark in opened.marks()} == {
            "anna": 2.0,
            "ben": 0.0,
            "cy": 0.0,
        }


@walls
def test_a_gradebook_of_another_class_is_named(tmp_path, roster):
    for learner in ("xu", "yan", "anna"):
        hand_in(tmp_path / "old", learner, notebook())
    hand_in(tmp_path / "new", "ben", notebook())
    book = ("--gradebook", tmp_path / "class.db")
    grade(tmp_path / "old", *book)
    done = grade(tmp_path / "new", *book, "--roster", roster)
    assert done.exit_code == 0
    assert "class.db holds marks of xu, yan, most of its learners, who are not on" in done.stderr

"""Whose file is what: nothing is passed over in silence, no link is followed."""

import os
from pathlib import Path

import pytest
from classroom import UNIT, hand_in, notebook

from mldebt.grading.collect import CollectError, collect


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "submissions"


def found(folder):
    return {(item.learner, item.unit): item for item in collect(folder)}


def test_a_folder_a_learner_at_any_depth(folder):
    hand_in(folder, "anna", notebook())
    hand_in(folder, "ben/week 2/again", notebook())
    assert set(found(folder)) == {("anna", UNIT), ("ben", UNIT)}


def test_files_named_after_the_learner(folder):
    folder.mkdir()
    source = hand_in(folder / "..", "tmp", notebook())
    for name in (f"anna_{UNIT}.ipynb", f"{UNIT}-ben.ipynb", "cy.ipynb"):
        (folder / name).write_bytes(source.read_bytes())
    assert set(found(folder)) == {("anna", UNIT), ("ben", UNIT), ("cy", UNIT)}


def test_one_file_or_the_folder_of_one_learner(folder, monkeypatch):
    path = hand_in(folder, "anna", notebook())
    monkeypatch.chdir(path.parent)
    for place in (path, path.parent, Path()):
        assert [(item.learner, item.unit) for item in collect(place)] == [("anna", UNIT)]


def test_of_several_files_the_newest_that_can_be_read_counts_and_says_so(folder):
    for age, name in enumerate(("new", "old", "older")):
        path = hand_in(folder / "anna", name, notebook(comment=name))
        os.utime(path, (1e9 - age, 1e9 - age))
    hand_in(folder / "anna", "spoilt", "no json")
    (item,) = collect(folder)
    assert item.path.parent.name == "new"
    assert not item.problem
    assert len(item.notes) == 3


def test_unit_twins_of_names_stay_two_learners(folder):
    for name in ("Zoe\u0301", "Zo\u00e9", "..", "a\nb", "-rf", "=1+1"):
        if name != "..":
            hand_in(folder, name, notebook(comment=repr(name)))
    assert {item.learner for item in collect(folder)} == {"Zoe\u0301", "Zo\u00e9", "a\nb", "-rf", "=1+1"}


def test_what_pretends_to_be_a_notebook_is_a_problem_by_name(folder, tmp_path):
    secret = hand_in(tmp_path, "instructor", notebook())
    for learner in ("link", "folder", "pipe", "device", "empty", "binary", "tree"):
        (folder / learner).mkdir(parents=True)
    (folder / "link" / f"{UNIT}.ipynb").symlink_to(secret)
    (folder / "tree" / "more").symlink_to(tmp_path / "instructor")
    (folder / "folder" / f"{UNIT}.ipynb").mkdir()
    os.mkfifo(folder / "pipe" / f"{UNIT}.ipynb")
    (folder / "device" / f"{UNIT}.ipynb").symlink_to("/dev/zero")
    (folder / "empty" / f"{UNIT}.ipynb").touch()
    (folder / "binary" / f"{UNIT}.ipynb").write_bytes(os.urandom(1000))
    items = collect(folder)
    assert {item.learner for item in items} == {"link", "folder", "pipe", "device", "empty", "binary", "tree"}
    assert all(item.problem == "unreadable" and item.message.endswith(".") for item in items)


def test_copies_of_the_editor_are_passed_over(folder):
    hand_in(folder, "anna", notebook())
    hand_in(folder / "anna" / ".ipynb_checkpoints", "x", "junk")
    hand_in(folder / "__MACOSX", "anna", "junk")
    assert len(collect(folder)) == 1


def test_nothing_to_grade_is_said(folder):
    with pytest.raises(CollectError, match="is not there; name the folder"):
        collect(folder)
    folder.mkdir()
    with pytest.raises(CollectError, match="holds no notebook"):
        collect(folder)

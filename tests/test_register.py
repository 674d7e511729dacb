"""The debt register: noted, replaced, kept, shown; a damaged one is set aside."""

import json

import pytest

from mldebt.lab import debts, note_debt
from mldebt.lab.feedback import CourseError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    here = tmp_path / "notebooks"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("MLDEBT_NO_PROGRESS", raising=False)
    return tmp_path


def test_a_debt_is_noted_and_shown(capsys):
    note_debt("glue", where="load.py", principal=6, interest=0.5)
    note_debt("no seed", where="train.py", principal=1, interest=0)
    assert capsys.readouterr().out.splitlines() == [
        "Noted: glue, in load.py. Principal 6 days, interest 0.5 days a month.",
        "Noted: no seed, in train.py. Principal 1 days, interest 0 days a month.",
    ]
    assert debts().rows() == [("glue", "load.py", "6", "0.5", "12.0"), ("no seed", "train.py", "1", "0", "never")]
    assert "glue" in repr(debts())
    assert '<th scope="row">glue</th>' in debts()._repr_html_()


def test_a_debt_of_the_same_name_is_replaced_in_its_place():
    note_debt("a", where="x", principal=1, interest=1)
    note_debt("b", where="x", principal=1, interest=1)
    note_debt(" a ", where="y", principal=4, interest=2)
    assert [row[:4] for row in debts().rows()] == [("a", "y", "4", "2"), ("b", "x", "1", "1")]


def test_an_empty_register_says_so():
    assert repr(debts()) == "Your debt register is empty."


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("", {}, "needs a text as its name"),
        (3, {}, "needs a text as its name, and it got 3"),
        ("a", {"where": " "}, "needs a text as its where"),
        ("a", {"principal": "three"}, "The principal is a number of days, 0 or more, and it got 'three'."),
        ("a", {"interest": -1}, "The interest is a number of days"),
        ("a", {"interest": float("nan")}, "The interest is a number of days"),
        ("a", {"principal": True}, "The principal is a number of days"),
    ],
)
def test_what_is_no_debt_is_refused_in_one_sentence(name, more, said):
    with pytest.raises(CourseError, match=said):
        note_debt(name, **{"where": "x", "principal": 1, "interest": 1, **more})
    assert debts().rows() == []


@pytest.mark.parametrize("text", ["{", "[1]", '{"a": 3}', '{"a": {"where": "x", "principal": "1", "interest": 1}}'])
def test_a_damaged_register_is_set_aside(folder, text):
    (folder / ".mldebt").mkdir()
    (folder / ".mldebt" / "register.json").write_text(text)
    shown = debts()
    assert shown.rows() == []
    assert "was damaged; it is kept as register.damaged" in repr(shown)
    assert (folder / ".mldebt" / "register.damaged").read_text() == text
    note_debt("a", where="x", principal=1, interest=1)
    assert list(json.loads((folder / ".mldebt" / "register.json").read_text())) == ["a"]


def test_two_courses_do_not_mix(tmp_path, monkeypatch):
    note_debt("a", where="x", principal=1, interest=1)
    other = tmp_path / "other" / "notebooks"
    other.mkdir(parents=True)
    monkeypatch.chdir(other)
    assert debts().rows() == []


def test_an_automated_run_keeps_nothing(folder, monkeypatch):
    monkeypatch.setenv("MLDEBT_NO_PROGRESS", "1")
    note_debt("a", where="x", principal=1, interest=1)
    assert not (folder / ".mldebt").exists()


def test_markup_is_escaped():
    note_debt("<b>", where="&", principal=1, interest=1)
    assert "<b>" not in debts()._repr_html_()

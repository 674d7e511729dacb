"""The roster: what spreadsheets write is read, and what cannot be one is told in a sentence."""

import pytest

from mldebt.roster import Learner, Roster, RosterError, read_roster

GOOD = "learner,name,email,canvas_id\nanna,Anna Abel,anna@x.org,101\nben,Ben Olé,,102\n"


@pytest.fixture
def write(tmp_path):
    def write(content):
        path = tmp_path / "roster.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


ANNA = Learner("anna", "Anna Abel", "anna@x.org", "101")
BEN = Learner("ben", "Ben Olé", "", "102")


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        "\ufeff" + GOOD.replace(",", ";").replace("\n", "\r\n"),
        GOOD.replace("learner,name", " Learner , NAME "),
        GOOD.replace("\nben", "\n\n,,,\nben"),
        GOOD.replace("101\n", "101,,\n"),
        GOOD.replace("canvas_id\n", "canvas_id,remark\n").replace("101\n", '101,"two\nlines"\n'),
    ],
)
def test_what_spreadsheets_write_is_read(write, content):
    assert read_roster(write(content)) == [ANNA, BEN]


def test_a_name_may_hold_quotes_and_commas(write):
    (one,) = read_roster(write('learner,name\nben,"Ben, the ""Bear"""\n'))
    assert one.name == 'Ben, the "Bear"'


def test_two_columns_are_enough(write):
    assert read_roster(write("learner,name\nanna,Anna Abel\n")) == [Learner("anna", "Anna Abel")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty; its first line needs the columns learner and name, and may have email, canvas_id"),
        ("\n\n", "is empty"),
        ("learner,name\n", "names no learner"),
        ("learner\nanna\n", "lacks the column 'name'; its first line is learner."),
        ("name,email\nAnna,a@x\n", "lacks the column 'learner'"),
        ("learner,name,name\nanna,A,B\n", "has the column 'name' twice"),
        (GOOD + "anna,Other,,\n", "has the learner 'anna' twice, in lines 2 and 4; each needs their own."),
        (GOOD + "ANNA,Other,,\n", "has the learner 'anna' and 'ANNA' in lines 2 and 4, which are the same but for"),
        (GOOD + "cy,Cy,,101\n", r"has the canvas_id '101' twice \(anna and cy\), in lines 2 and 4"),
        (GOOD + "cy,Coe, Cy,,103\n", "roster.csv:4 has 5 cells, and there are 4 columns; put quotes around a text"),
        (GOOD + ",Nobody,,\n", "roster.csv:4 has no learner"),
        (GOOD + "cy\n", "roster.csv:4 has no name"),
        (GOOD + "../cy,Cy,,\n", "cannot name a folder"),
        (GOOD + "..,Cy,,\n", "cannot name a folder"),
        (GOOD.encode("latin-1"), "is not UTF-8; save it as 'CSV UTF-8'"),
        (GOOD.encode("utf-16"), "is not UTF-8"),
        (GOOD + "c\0,Cy,,\n", "is not a text file"),
        (GOOD + '"cy' + "x" * 200_000, "is no line of a CSV file"),
    ],
)
def test_what_cannot_be_a_roster_is_told_by_name(write, content, said):
    with pytest.raises(RosterError, match=said) as error:
        read_roster(write(content))
    assert "roster.csv" in str(error.value)


def test_a_roster_that_is_not_there(tmp_path):
    with pytest.raises(RosterError, match=r"gone\.csv cannot be read: No such file"):
        read_roster(tmp_path / "gone.csv")
    with pytest.raises(RosterError, match="cannot be read: Is a directory"):
        read_roster(tmp_path)


def test_a_learner_is_found_by_id_and_by_name():
    vdb, twin, other = Learner("vdb", "Anna van der Berg"), Learner("t1", "Jo Li"), Learner("t2", "Li Jo")
    roster = Roster([ANNA, BEN, vdb, twin, other])
    assert roster.by_id("canvas_id", "101") is ANNA
    assert roster.by_id("canvas_id", "") is None
    assert roster.by_id("id", "Ben") is BEN
    assert roster.by_name("anna  ABEL") is roster.by_name("abelanna") is ANNA
    assert roster.by_name("Ben Ole\u0301") is roster.by_name("olében") is BEN
    assert roster.by_name("vanderberganna") is roster.by_name("bergannavander") is vdb
    assert roster.by_name("lijo") is None
    assert roster.by_name("Jo Li") is twin
    assert roster.by_name("") is None

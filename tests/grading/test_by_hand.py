"""What an instructor decides by hand counts, is told, and overwrites nothing; so does a corrected check."""

import re

import pytest
from classroom import UNIT
from click.testing import CliRunner

from mldebt.check import Outcome, Status
from mldebt.cli import main
from mldebt.cli.summary import show
from mldebt.grading.changes import Correction, corrections, newest
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.tables import rows

OTHER = "01-track-model-versions"


def judged(earned):
    return (
        Outcome("q1", Status.RIGHT if earned else Status.WRONG, earned, 1.0, "said", None if earned else "no"),
        Outcome("q2", Status.RIGHT, 1.0, 1.0, "said"),
    )


def handed_in(tmp_path, learner, digest="d", **others):
    return HandedIn(learner, UNIT, tmp_path / f"{learner}.ipynb", digest, **others)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "class.db"
    with Gradebook(path, "1") as book:
        book.record(handed_in(tmp_path, "anna"), "version1", True, judged(0.0))
        book.record(handed_in(tmp_path, "ben", "e"), "version1", True, judged(1.0))
        book.record(handed_in(tmp_path, "[red]cy", problem="unreadable", message="It is empty."))
    return path


def mark(command, book, *arguments):
    done = CliRunner().invoke(main, ["mark", command, str(book), *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def lines(done):
    return cut(done.stdout)


def cut(text):
    """Cut the lines of a table into its cells."""
    return [[cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in text.splitlines() if "│" in line]


def test_points_by_hand_count_and_are_told(book, tmp_path):
    done = mark("set", book, "anna", UNIT, "q1", 0.5, "--reason", "the rule was meant")
    assert done.stdout == f"anna, {UNIT}/q1: 0.5 points by hand.\n"
    assert mark("comment", book, "anna", UNIT, "q1", "Look at it again.").exit_code == 0
    assert ["anna", UNIT, "q1", "wrong", "0.5 / 1", "the rule was meant", "Look at it again."] in lines(
        mark("list", book)
    )
    done = CliRunner().invoke(main, ["feedback", str(book), str(tmp_path / "out"), "--zip", "canvas"])
    assert done.exit_code == 0
    assert "does not carry the name that Canvas gave it" in done.stderr
    page = (tmp_path / "out" / "anna" / f"{UNIT}.html").read_text("utf-8")
    assert "given by your instructor: the rule was meant" in page
    assert "Look at it again." in page


def test_the_newest_ruling_counts_and_all_are_in_the_history(book, tmp_path):
    for points, reason in ((0.5, "half"), (1, "all"), (0, "none")):
        mark("set", book, "anna", UNIT, "q1", points, "--reason", reason)
    mark("comment", book, "anna", UNIT, "q2", "Well done.")
    with Gradebook(book) as opened:
        opened.record(handed_in(tmp_path, "anna", "d2", penalty=0.1), "version2", True, judged(1.0))
    found = [line[1:] for line in lines(mark("history", book, "anna", UNIT))]
    assert found[0] == ["judged", "", "", f"{tmp_path.name}/anna.ipynb (checks version1)"]
    assert found[1:3] == [["judged", "q1", "0 of 1", "wrong"], ["judged", "q2", "1 of 1", "right"]]
    rulings = [["by hand", "q1", "0.5", "half"], ["by hand", "q1", "1", "all"], ["by hand", "q1", "0", "none"]]
    assert [line for line in found if line[0] == "by hand"] == rulings
    assert ["comment", "q2", "", "Well done."] in found
    assert any("less 10 % for being late" in line[3] for line in found)
    assert ["anna", UNIT, "q1", "right", "0 / 1", "none", ""] in lines(mark("list", book, "--learner", "anna"))


def test_what_could_not_be_judged_or_was_not_handed_in_gets_points_by_hand(book, tmp_path):
    with Gradebook(book) as opened:
        opened.record(HandedIn("ben", OTHER, tmp_path / "ben.ipynb", "f"), "version1", True, judged(1.0))
    assert ["anna", OTHER, "q1", "absent", "0 / 1", "", ""] in lines(mark("list", book))
    assert mark("set", book, "anna", "01", "q1", 1, "--reason", "said it").exit_code == 0
    assert mark("set", book, "[red]cy", UNIT, "q1", 0.5, "--reason", "shown to me").exit_code == 0
    assert mark("comment", book, "[red]cy", UNIT, "q2", "Send it again.").exit_code == 0
    found = lines(mark("list", book))
    assert ["anna", OTHER, "q1", "absent", "1 / 1", "said it", ""] in found
    assert ["[red]cy", UNIT, "q1", "unreadable", "0.5 / 1", "shown to me", ""] in found
    assert ["[red]cy", UNIT, "q2", "unreadable", "0 / 1", "", "Send it again."] in found
    assert [line[1:4] for line in lines(mark("history", book, "anna", "1"))] == [["by hand", "q1", "1"]]

    with Gradebook(book) as opened:  # both hand in what can be read: the points by hand stand, the rest is judged
        opened.record(HandedIn("anna", OTHER, tmp_path, "g", penalty=0.1), "version1", True, judged(0.0))
        opened.record(handed_in(tmp_path, "[red]cy", "h"), "version1", True, judged(1.0))
    found = lines(mark("list", book))
    assert ["anna", OTHER, "q1", "wrong", "0.9 / 1", "said it", ""] in found
    assert ["[red]cy", UNIT, "q1", "right", "0.5 / 1", "shown to me", ""] in found
    assert ["[red]cy", UNIT, "q2", "right", "1 / 1", "", "Send it again."] in found


def test_feedback_tells_points_by_hand_of_who_handed_in_nothing(book, tmp_path):
    with Gradebook(book) as opened:
        opened.record(HandedIn("ben", OTHER, tmp_path / "ben.ipynb", "f"), "version1", True, judged(1.0))
    mark("set", book, "anna", OTHER, "q1", 1, "--reason", "said it")
    done = CliRunner().invoke(main, ["feedback", str(book), str(tmp_path / "out"), "--zip", "canvas"])
    assert f"anna: nothing was handed in for {OTHER}, so it is in no zip; send the page by hand." in done.stderr
    assert "given by your instructor: said it" in (tmp_path / "out" / "anna" / f"{OTHER}.html").read_text("utf-8")


# --- what was decided is taken back


def withdraw(book, *about):
    return mark("withdraw", book, *about, "--reason", "was for ben")


def test_what_is_withdrawn_no_longer_counts_and_stays_in_the_history(book, tmp_path):
    before = lines(mark("list", book))
    mark("set", book, "anna", UNIT, "q1", 0.5, "--reason", "half")
    mark("comment", book, "anna", UNIT, "q1", "Look again.")
    mark("comment", book, "anna", UNIT, "q2", "Well done.")
    done = withdraw(book, "anna", UNIT, "q1")
    assert done.stdout == f"anna, {UNIT}/q1: what was decided by hand no longer counts.\n"
    assert lines(mark("list", book)) == [
        [*cells[:-1], "Well done."] if cells[0::2][:2] == ["anna", "q2"] else cells for cells in before
    ]
    assert CliRunner().invoke(main, ["feedback", str(book), str(tmp_path / "out")]).exit_code == 0
    page = (tmp_path / "out" / "anna" / f"{UNIT}.html").read_text("utf-8")
    assert "Well done." in page
    assert not re.search("given by your instructor|Look again|was for ben", page)
    found = [line[1:] for line in lines(mark("history", book, "anna", UNIT))]
    assert [line for line in found if line[0] != "judged"] == [
        ["by hand", "q1", "0.5", "half"],
        ["comment", "q1", "", "Look again."],
        ["comment", "q2", "", "Well done."],
        ["withdrawn", "q1", "", "was for ben"],
    ]


def test_after_it_was_withdrawn_a_new_decision_counts(book):
    mark("set", book, "anna", UNIT, "q1", 0.5, "--reason", "half")
    withdraw(book, "anna", UNIT, "q1")
    mark("set", book, "anna", UNIT, "q1", 1, "--reason", "all")
    assert ["anna", UNIT, "q1", "wrong", "1 / 1", "all", ""] in lines(mark("list", book))


def test_who_has_nothing_but_what_was_withdrawn_has_no_mark(book):
    mark("set", book, "anna", OTHER, "q1", 1, "--reason", "said it")
    withdraw(book, "anna", "01", "q1")
    assert OTHER not in {cells[1] for cells in lines(mark("list", book))}
    assert mark("comment", book, "anna", OTHER, "q1", "x").exit_code == 1  # there is nothing of it any more


def test_a_corrected_check_counts_where_points_were_withdrawn(book, tmp_path):
    mark("set", book, "anna", UNIT, "q1", 0.5, "--reason", "half")
    withdraw(book, "anna", UNIT, "q1")
    with Gradebook(book) as opened:
        before = newest(opened)
        opened.record(handed_in(tmp_path, "anna"), "version2", True, judged(1.0))
        assert corrections(opened, before) == [Correction("anna", UNIT, "q1", 0.0, 1.0, False)]


# --- an oral exam: of who handed in nothing, of a unit that nobody handed in


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("learner,name\nanna,Anna Abel\nben,Ben Berg\ndora,Dora Doe\n")
    return path


def test_a_unit_that_nobody_handed_in_takes_points_by_hand(book, roster):
    done = mark("set", book, "anna", "01", "q1", 0.5, "--reason", "said half of it")
    assert done.stdout == f"anna, {OTHER}/q1: 0.5 points by hand. Nobody has handed in this unit.\n"
    assert mark("comment", book, "anna", "01", "q2", "Next time.").exit_code == 0  # now there is something of it
    found = lines(mark("list", book))
    assert ["anna", OTHER, "q1", "absent", "0.5 / 1", "said half of it", ""] in found
    assert {line[0] for line in found if line[1] == OTHER} == {"anna"}  # where nobody handed in, nobody is absent
    assert mark("set", book, "anna", UNIT, "q1", 1, "--reason", "x").stdout.endswith("by hand.\n")


def test_who_is_only_on_the_roster_takes_points_by_hand(book, roster):
    assert mark("set", book, "dora", "02", "q1", 1, "--reason", "said it").exit_code == 1
    assert mark("set", book, "dora", "02", "q1", 1, "--reason", "said it", "--roster", roster).exit_code == 0
    assert mark("comment", book, "dora", "02", "q2", "Hand it in.", "--roster", roster).exit_code == 0
    assert mark("set", book, "dora", "01", "q1", 1, "--reason", "said it").exit_code == 0  # the gradebook knows her now
    found = lines(mark("list", book, "--learner", "dora"))
    assert ["dora", UNIT, "q1", "absent", "1 / 1", "said it", ""] in found
    assert ["dora", UNIT, "q2", "absent", "0 / 1", "", "Hand it in."] in found
    assert ["dora", OTHER, "q1", "absent", "1 / 1", "said it", ""] in found


def test_an_oral_exam_is_in_the_feedback_the_export_and_the_report(book, roster, tmp_path):
    for learner, points in (("anna", 0.5), ("dora", 1)):
        mark("set", book, learner, "01", "q1", points, "--reason", "said it", "--roster", roster)
    run = lambda *words: CliRunner().invoke(main, [str(word) for word in words])  # noqa: E731
    assert run("feedback", book, tmp_path / "out", "--roster", roster).exit_code == 0
    assert "given by your instructor: said it" in (tmp_path / "out" / "dora" / f"{OTHER}.html").read_text("utf-8")
    assert not (tmp_path / "out" / "ben" / f"{OTHER}.html").exists()
    done = run("export", book, "--format", "canvas", "--roster", roster, "--unit", "01")
    assert [line.split(",")[0] + line[-2:] for line in done.stdout.splitlines()[2:]] == [
        "Anna Abel.5", "Ben Berg,,", "Dora Doe,1"
    ]  # fmt: skip
    done = run("report", book, "--roster", roster, "--out", tmp_path / "r.html", "--notebook", tmp_path / "r.ipynb")
    assert done.exit_code == 0, done.output


def test_the_table_of_a_run_shows_the_points_of_who_was_absent_and_nothing_of_a_unit_that_is_not_theirs(book, capsys):
    mark("set", book, "anna", "01", "q1", 0.5, "--reason", "said half of it")
    with Gradebook(book) as opened:
        show(list(rows(opened.marks())))
    found = {cells[0]: cells[1:] for cells in cut(capsys.readouterr().out)}
    assert found["anna"] == ["0.5 / 2", "1 / 2", "1.5 / 4"]
    assert found["ben"] == ["", "2 / 2", "2 / 2"]


def test_list_shows_what_was_asked_for(book):
    assert {line[0] for line in lines(mark("list", book))} == {"anna", "ben", "[red]cy"}
    assert {line[0] for line in lines(mark("list", book, "--learner", "ben", "--unit", UNIT))} == {"ben"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["set", "{book}", "zoe", UNIT, "q1", "1", "--reason", "x"], "there is no learner 'zoe', and no --roster to look on; `mldebt mark list` shows who there is."),
        (["set", "{book}", "Ana", UNIT, "q1", "1", "--reason", "x"], "there is no learner 'Ana', and no --roster to look on; did you mean 'anna'?"),
        (["set", "{book}", "anna", "02-set-limit", "q1", "1", "--reason", "x"], f"There is no unit '02-set-limit'; did you mean '{UNIT}'?"),
        (["comment", "{book}", "anna", "3", "q1", "x"], f"nobody has handed in 03-keep-the-best; there is {UNIT}."),
        (["set", "{book}", "anna", "02", "q1", "0,5", "--reason", "x"], "Error: '0,5' has a comma; write 0.5."),
        (["set", "{book}", "anna", "02", "q1", "-1", "--reason", "x"], "q1 is worth 0 to 1 points, so -1 is no mark."),
        (["set", "{book}", "anna", UNIT, "q9", "1", "--reason", "x"], f"{UNIT} has q1, q2, not 'q9'."),
        (["set", "{book}", "anna", UNIT, "q1", "2", "--reason", "x"], "q1 is worth 0 to 1 points, so 2 is no mark."),
        (["set", "{book}", "anna", UNIT, "q1", "nan", "--reason", "x"], "so nan is no mark."),
        (["set", "{book}", "anna", UNIT, "q1", "one", "--reason", "x"], "'one' is not a valid float"),
        (["set", "{book}", "anna", UNIT, "q1", "1"], "Missing option '--reason'"),
        (["set", "{book}", "anna", UNIT, "q1", "1", "--reason", " "], "--reason is empty"),
        (["comment", "{book}", "anna", UNIT, "q1", " "], "TEXT is empty"),
        (["set", "{book}", "Dore", UNIT, "q1", "1", "--reason", "x", "--roster", "{roster}"], "there is no learner 'Dore', nor on the roster; did you mean 'dora'?"),
        (["set", "{book}", "anna", "01", "q9", "1", "--reason", "x"], f"{OTHER} has q1, q2, not 'q9'."),
        (["set", "{book}", "anna", "01", "q1", "2", "--reason", "x"], "q1 is worth 0 to 1 points, so 2 is no mark."),
        (["set", "{book}", "anna", "01", "q1", "1", "--reason", "x", "--roster", "gone.csv"], "gone.csv cannot be read"),
        (["withdraw", "{book}", "zoe", UNIT, "q1", "--reason", "x"], "there is no learner 'zoe'; `mldebt mark list`"),
        (["withdraw", "{book}", "anna", UNIT, "q1", "--reason", "x"], f"nothing stands that was decided by hand on {UNIT}/q1."),
        (["withdraw", "{book}", "anna", UNIT, "q1"], "Missing option '--reason'"),
        (["list", "{book}", "--learner", "zoe"], "holds no such mark; there is no learner 'zoe'."),
        (["list", "{book}", "--learner", "bem"], "there is no learner 'bem'; did you mean 'ben'?\n"),
        (["list", "{book}", "--unit", "99"], "There is no unit '99'; the units are 00-"),
        (["list", "{book}", "--unit", "3"], f"holds no such mark; its units are {UNIT}."),
        (["history", "{book}", "zoe", UNIT], f"holds nothing of 'zoe' for '{UNIT}'"),
        (["list", "gone.db"], "gone.db is not there; name the gradebook that `mldebt grade` wrote."),
    ],
)  # fmt: skip
def test_a_mistake_is_one_clear_sentence(book, roster, arguments, said):
    done = CliRunner().invoke(main, ["mark", *(part.format(book=book, roster=roster) for part in arguments)])
    assert isinstance(done.exception, SystemExit)
    assert said in done.stderr


def test_a_file_that_is_no_gradebook_is_said(tmp_path):
    (tmp_path / "x.db").write_text("no database at all " * 100)
    assert "x.db cannot be used as a gradebook" in mark("list", tmp_path / "x.db").stderr


# --- a corrected check


def test_what_a_corrected_check_changes_is_found(book, tmp_path):
    with Gradebook(book) as opened:
        before = newest(opened)
        assert corrections(opened, 0) == []
        mark("set", book, "ben", UNIT, "q1", 0.5, "--reason", "x")
        opened.record(handed_in(tmp_path, "anna"), "version2", True, judged(1.0))
        opened.record(handed_in(tmp_path, "ben", "e"), "version2", True, judged(0.0))
        assert corrections(opened, before) == [
            Correction("anna", UNIT, "q1", 0.0, 1.0, False),
            Correction("ben", UNIT, "q1", 1.0, 0.0, True),
        ]
        assert corrections(opened, newest(opened)) == []


def test_another_notebook_is_no_correction(book, tmp_path):
    with Gradebook(book) as opened:
        before = newest(opened)
        opened.record(handed_in(tmp_path, "anna", "other"), "version2", True, judged(1.0))
        opened.record(handed_in(tmp_path, "ben", "e", penalty=0.1), "version1", True, judged(1.0))
        opened.record(handed_in(tmp_path, "[red]cy", "f"), "version2", True, judged(1.0))
        assert corrections(opened, before) == []


def test_a_spoilt_run_between_hides_no_correction(book, tmp_path):
    with Gradebook(book) as opened:
        opened.record(handed_in(tmp_path, "anna", problem="not judged"))
        before = newest(opened)
        opened.record(handed_in(tmp_path, "anna"), "version2", True, judged(1.0))
        assert [one.new for one in corrections(opened, before)] == [1.0]

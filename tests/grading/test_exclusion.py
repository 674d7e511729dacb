"""A learner who does not belong into the gradebook is left out of all that is made of it, and nothing is deleted."""

import csv
import io
import re
import sqlite3

import pytest
from classroom import UNIT, hand_in, notebook
from click.testing import CliRunner

from mldebt.check import Outcome, Status
from mldebt.cli import main
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook, GradebookError
from mldebt.grading.guards import strangers
from mldebt.judge.cage import missing
from mldebt.report import alike, read
from mldebt.roster import Learner, Roster

OTHER = "01-track-model-versions"
WORK = """
def keep(versions, limit):
    left, order = dict(versions), []
    while left and len(order) < limit:
        best = None
        for name, accuracy in left.items():
            if best is None or accuracy > left[best]:
                best = name
        order.append(best)
        del left[best]
    return order


max_versions = len(keep({"a": 0.5, "b": 0.7}, 2)) + sum(ord(letter) % 2 for letter in "abc")
"""
walls = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")


def judged(earned=1.0):
    said = Status.RIGHT if earned else Status.WRONG
    return tuple(Outcome(question, said, earned, 1.0, "said") for question in ("q1", "q2"))


@pytest.fixture
def book(tmp_path):
    """Anna was graded under a wrong id before: two learners with one answer."""
    path = tmp_path / "class.db"
    with Gradebook(path, "1") as book:
        for learner, digest in (("ana", "a"), ("anna", "a"), ("ben", "b")):
            item = HandedIn(learner, UNIT, tmp_path / f"{learner}.ipynb", digest)
            book.record(item, "version1", True, judged(), work={"q1": WORK if digest == "a" else "x = 1"})
        book.record(HandedIn("ana", OTHER, tmp_path / "ana.ipynb", "c"), "version1", True, judged())
    return path


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("learner,name,canvas_id,moodle_id\nanna,Anna Abel,101,501\nben,Ben Berg,102,502\n")
    return path


def run(*words):
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    return done


def exclude(book, *learners, reason="is anna"):
    return run("mark", "exclude", book, *learners, "--reason", reason)


def lines(done):
    return [[cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in done.stdout.splitlines() if "│" in line]


SAID = "Excluded, so left out: ana; `mldebt mark include` takes a learner back.\n"


def test_who_is_excluded_is_in_nothing_that_is_made_of_the_gradebook(book, roster, tmp_path):
    run("feedback", book, tmp_path / "feedback")
    assert [*alike.pairs(read(book).marks)["second"]] == ["anna"]
    assert run("export", book, "--format", "canvas", "--roster", roster).exit_code == 1  # ana is not on the roster

    done = exclude(book, "ana")
    assert done.stdout == "ana is excluded: no longer in marks, exports, report and feedback.\n"
    done = run("mark", "list", book)
    assert {(line[0], line[1]) for line in lines(done)} == {("anna", UNIT), ("ben", UNIT)}
    assert done.stderr == SAID

    done = run("export", book, "--format", "canvas", "--roster", roster, "--absent", "0")
    assert (done.exit_code, done.stderr) == (0, f"{SAID}2 marks written.\n")
    assert next(csv.reader(io.StringIO(done.stdout)))[5:] == [UNIT]

    done = run("feedback", book, tmp_path / "feedback")
    assert f"{tmp_path / 'feedback' / 'ana'} is of a learner who is excluded; delete it before" in done.stderr
    assert done.stderr.endswith(SAID)
    done = run("feedback", book, tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["anna", "ben"]

    done = run("report", book, "--out", tmp_path / "r.html", "--roster", roster)
    assert "the report on 2 learners" in done.stdout
    assert done.stderr == SAID
    text = (tmp_path / "r.html").read_text("utf-8")
    assert not re.search(r"\bana\b", text)
    assert OTHER not in text
    assert alike.pairs(read(book).marks).empty


def test_history_shows_all_and_who_is_taken_back_has_the_marks_of_before(book):
    before = run("mark", "list", book).stdout
    for command, reason in (("exclude", "is anna"), ("include", "is not"), ("exclude", "is anna after all")):
        assert run("mark", command, book, "ana", "--reason", reason).exit_code == 0
    done = run("mark", "include", book, "ana", "--reason", "is Ana, who is new")
    assert done.stdout == "ana is included again, with the marks of before; what came since is still to be graded.\n"
    assert run("mark", "list", book).stdout == before
    assert [line[1:2] + line[4:] for line in lines(run("mark", "history", book, "ana", OTHER))[3:]] == [
        ["excluded", "is anna"],
        ["included", "is not"],
        ["excluded", "is anna after all"],
        ["included", "is Ana, who is new"],
    ]


def test_several_are_excluded_at_once_all_of_them_or_none(book):
    assert exclude(book, "ben", "bem").stderr == f"Error: {book}: there is no learner 'bem'; did you mean 'ben'?\n"
    assert {line[0] for line in lines(run("mark", "list", book))} == {"ana", "anna", "ben"}
    assert exclude(book, "ben", "ana", "ben").stdout.startswith("ben, ana are excluded: ")
    assert {line[0] for line in lines(run("mark", "list", book))} == {"anna"}
    exclude(book, "anna")
    done = run("mark", "list", book)
    assert done.stderr.startswith("Excluded, so left out: ana, anna, ben;")
    assert done.stderr.endswith("Error: class.db holds no such mark.\n".replace("class.db", str(book)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["exclude", "{book}", "Anne", "--reason", "x"], "there is no learner 'Anne'; did you mean 'anna'?"),
        (["exclude", "{book}", "zoe", "--reason", "x"], "'zoe'; `mldebt mark list` shows who there is."),
        (["exclude", "{book}", "ana", "--reason", "x"], "'ana' is excluded already (is anna)."),
        (["exclude", "{book}", "ben"], "Missing option '--reason'"),
        (["exclude", "{book}", "ben", "--reason", " "], "--reason is empty; say why"),
        (["exclude", "{book}", "--reason", "x"], "Missing argument 'LEARNER...'"),
        (["exclude", "gone.db", "ben", "--reason", "x"], "gone.db is not there; name the gradebook"),
        (["exclude", "{book}", "\udcff", "--reason", "x"], "there is no learner '\\udcff'"),
        (["include", "{book}", "ben", "--reason", "x"], "'ben' is not excluded; excluded: ana."),
        (["include", "{book}", "aan", "--reason", "x"], "there is no learner 'aan'; did you mean 'ana'?"),
        (["include", "{book}", "ana"], "Missing option '--reason'"),
        (["list", "{book}", "--learner", "ana"], "'ana' is excluded (is anna); `mldebt mark history` shows what"),
        (["set", "{book}", "ana", UNIT, "q1", "1", "--reason", "x"], "'ana' is excluded (is anna); `mldebt mark include`"),
        (["comment", "{book}", "ana", UNIT, "q1", "x"], "'ana' is excluded (is anna); `mldebt mark include` takes"),
        (["comment", "{book}", "ben", "01", "q1", "x"], f"nobody has handed in {OTHER}; there is {UNIT}."),
        (["history", "{book}", "\udcff", UNIT], "holds nothing of '\\udcff'"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_clear_sentence(book, arguments, said):
    exclude(book, "ana")
    done = run("mark", *(part.format(book=book) for part in arguments))
    assert done.exit_code in (1, 2)
    assert said in done.stderr


def test_nobody_is_excluded_and_a_reason_that_is_no_text_is_kept_as_it_can_be(book):
    done = run("mark", "include", book, "ana", "--reason", "x")
    assert done.stderr.endswith("'ana' is not excluded; nobody is.\n")
    assert exclude(book, "ana", reason="a\udcff").exit_code == 0
    assert run("mark", "set", book, "ben", UNIT, "q1", 1, "--reason", "b\udcff").exit_code == 0
    assert "a\\udcff" in run("mark", "history", book, "ana", UNIT).stdout


# --- a learner of the roster who is excluded


def test_the_platform_s_file_keeps_what_stands_there(book, roster, tmp_path):
    exclude(book, "ana", "ben", reason="left the course")
    head = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 2: Set a limit (7)\r\n"
    rows = "Points Possible,,,,,2\r\nAnna Abel,101,,,A,\r\nBen Berg,102,,,A,\r\n"
    (tmp_path / "canvas.csv").write_bytes(f"{head}    {rows}".encode())
    zero = ("--roster", roster, "--absent", "0")
    done = run("export", book, "--format", "canvas", "--template", tmp_path / "canvas.csv", *zero)
    assert done.exit_code == 0
    assert done.stdout_bytes.decode() == f"{head}    {rows}".replace("101,,,A,", "101,,,A,2")
    for platform in ("canvas", "moodle"):
        done = run("export", book, "--format", platform, *zero)
        assert "Anna Abel" in done.stdout
        assert "Ben Berg" not in done.stdout
        assert "nothing was handed in" not in done.stderr


def test_the_row_of_who_is_excluded_is_not_taken_for_another_s_of_the_same_name(book, roster, tmp_path):
    roster.write_text("learner,name,canvas_id\nanna,Anna Abel,101\nben,Anna Abel,102\n")
    exclude(book, "ana", "ben")
    rows = "Student,ID,SIS User ID,SIS Login ID,Section,02-set-a-limit\nAnna Abel,102,,,A,\n"
    (tmp_path / "canvas.csv").write_text(rows)
    done = run("export", book, "--format", "canvas", "--template", tmp_path / "canvas.csv", "--roster", roster)
    assert done.stdout == rows


def test_the_report_names_nobody_who_is_excluded_as_missing(book, roster):
    exclude(book, "ben")
    found = read(book, roster)
    assert (found.silent, found.strangers, found.excluded) == ([], ["ana"], ("ben",))


def test_the_class_of_a_gradebook_is_without_who_is_excluded(book):
    known = Roster([Learner("ben", "Ben")])
    with Gradebook(book) as opened:
        assert strangers(opened, known) == ["ana", "anna"]
        opened.exclude(["ana"], True, "is anna")
        assert strangers(opened, known) == []


# --- grading again


@walls
def test_grading_passes_over_who_is_excluded_and_says_so(tmp_path, roster):
    book = ("--gradebook", tmp_path / "class.db", "--roster", roster)
    for learner in ("ana", "anna", "ben"):
        hand_in(tmp_path / "hw", learner, notebook(comment=learner))
    assert "Not on the roster, but graded: ana (1)." in run("grade", tmp_path / "hw", *book).stderr
    exclude(tmp_path / "class.db", "ana", "ben")
    hand_in(tmp_path / "hw", "ana", notebook(answers="untouched"))
    hand_in(tmp_path / "hw", "ben", "no json")

    done = run("grade", tmp_path / "hw", *book)
    assert done.exit_code == 0
    assert done.stderr == f"{SAID.replace('ana', 'ana, ben')}1 file, 0 judged now, 1 known already.\n"
    assert [line[0] for line in lines(done)[1:]] == [UNIT, UNIT]
    assert lines(done)[0][0] == "anna"
    assert "ben" not in run("grade", tmp_path / "hw", *book, "--format", "csv").stdout
    (tmp_path / "hw" / "ben" / f"{UNIT}.ipynb").unlink()
    assert "nothing handed in here" not in run("grade", tmp_path / "hw", *book).stderr

    run("mark", "include", tmp_path / "class.db", "ana", "--reason", "is another Ana")
    assert ["ana", UNIT, "q1", "right", "1 / 1", "", ""] in lines(run("mark", "list", tmp_path / "class.db"))
    done = run("grade", tmp_path / "hw", *book)
    assert f"1 submission replaces one graded before; points changed: ana {UNIT} 2 -> 0." in done.stderr


# --- gradebooks of other versions


def older(path, format):
    """Make of a gradebook what an earlier version left: nothing could be withdrawn, in format 2 nobody excluded."""
    with sqlite3.connect(path) as db:
        db.executescript("DROP VIEW standing")
        if format != "3":
            db.executescript("DROP VIEW excluded; DROP TABLE exclusion")
        db.execute("UPDATE about SET value = ? WHERE key = 'format'", [format])
    return path


@pytest.mark.parametrize("format", ["2", "3"])
def test_a_gradebook_of_before_works_and_keeps_all_that_it_has(book, format):
    before = run("mark", "list", book).stdout
    older(book, format)
    assert run("mark", "list", book).stdout == before
    exclude(book, "ana")
    assert {line[0] for line in lines(run("mark", "list", book))} == {"anna", "ben"}
    with Gradebook(book) as opened, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        opened._db.execute("DELETE FROM exclusion")
    with Gradebook(book.with_name("new.db")) as new, Gradebook(book) as opened:
        tables = "SELECT name, sql FROM sqlite_master ORDER BY name"
        assert opened.read(tables) == new.read(tables)


@pytest.mark.parametrize("format", ["1", "5", "x"])
def test_a_gradebook_of_a_version_that_is_not_known_is_refused(book, format):
    older(book, format)
    content = book.read_bytes()
    with pytest.raises(GradebookError, match=r"class\.db was made by another version of mldebt"):
        Gradebook(book)
    assert book.read_bytes() == content

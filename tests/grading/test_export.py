"""Marks in the columns of Canvas and Moodle: right values in the right rows, and every other byte as it was."""

import csv
import io

import pytest
from classroom import UNIT
from click.testing import CliRunner
from platforms import on_canvas, on_moodle

from mldebt.check import Outcome, Status
from mldebt.cli import main
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.mark import Ruling
from mldebt.grading.sheet import Sheet, SheetError

OTHER = "01-track-model-versions"
ROSTER = '''learner,name,email,canvas_id,moodle_id,sis_id,section
anna,Anna Abel,anna@x.org,101,501,s1,A
ben,"Ben, the ""Bear""",ben@x.org,102,502,s2,B
cy,Cy Coe,cy@x.org,103,503,s3,A
=dot(),Dot Doe,dot@x.org,104,504,s4,A
'''
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Remark,Homework 2: Set a limit (7001),Quiz (7002),Final Score\r\n"
    ",,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,10.00,5.00,(read only)\r\n"
    '"Abel, Anna",101,s1,anna,A,"says ""hi""\nthere",,4.5,90.00\r\n'
    'Ben,102,s2,ben,B,,"3.00",,\r\n'
    '"Coe, Cy",,s3,,A,,N/A,,\r\n'
    '"Student, Test",999,,,A,,,,\r\n'
)
MOODLE = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 9501,Anna Abel,a@y.org,"Submitted for grading - ",,100.00,Yes,"Monday, 30 November 2026, 10:00 AM",-,\n'
    "Participant 9502,Somebody Else,ben@x.org,No submission,,100.00,Yes,-,-,<p>kept</p>\n"
    'Participant 9503,Cy Coe,,"No submission","7,00",100.00,Yes,-,-,'
)


def outcomes(*earned):
    status = lambda value: Status.RIGHT if value else Status.WRONG  # noqa: E731
    return tuple(Outcome(f"q{n}", status(value), value, 1.0, "said") for n, value in enumerate(earned, 1))


@pytest.fixture
def book(tmp_path):
    """A class: anna 1 of 2, ben 2 of 2, cy spoilt, =dot() 0.5 by hand less 10 % for being late."""
    path = tmp_path / "class.db"
    with Gradebook(path, "1") as book:

        def record(learner, file, *earned, unit=UNIT, **others):
            item = HandedIn(learner, unit, tmp_path / "copy.ipynb", f"{learner}{unit}", file=file, **others)
            book.record(item, "v", True, outcomes(*earned))

        record("anna", f"c.zip/{on_canvas('Abel, Anna', 101, 1)}", 1, 0)
        record("ben", f"c.zip/{on_canvas('Bear, Ben', 102, 2)}", 1, 1)
        record("cy", "c.zip/cy.ipynb", problem="unreadable", message="It is empty.")
        record("=dot()", f"m.zip/{on_moodle('Dot Doe', 9504)}", 0, 0, penalty=0.1)
        book.rule(Ruling("=dot()", UNIT, "q1", 0.5, "half"))
        book.rule(Ruling("anna", UNIT, "q2", None, comment="<b>See</b> me"))
    return path


@pytest.fixture
def export(book, tmp_path):
    """Run the command in a folder with a roster and templates; nothing may end in a traceback."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "canvas.csv").write_bytes(CANVAS.encode())
    (tmp_path / "moodle.csv").write_bytes(MOODLE.encode())

    def run(*arguments):
        names = ("roster.csv", "canvas.csv", "moodle.csv", "gone.csv")
        given = [str(tmp_path / one) if one in names else one for one in arguments]
        done = CliRunner().invoke(main, ["export", str(book), *given])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        return done

    return run


def test_canvas_only_the_marks_are_written(export):
    done = export("--format", "canvas", "--roster", "roster.csv", "--template", "canvas.csv")
    expected = CANVAS.replace('there",,4.5', 'there",5,4.5').replace('"3.00"', '"10"')
    assert done.stdout_bytes == expected.encode()
    assert "2 marks written." in done.stderr
    assert f"{UNIT} has 2 points here and 10 there; the marks are scaled." in done.stderr
    assert f"Error: =dot() has no row for {UNIT}" in done.stderr
    assert f"Error: cy has no mark for {UNIT}: unreadable." in done.stderr
    assert done.exit_code == 1


def test_moodle_only_grades_and_empty_comments_are_written(export):
    done = export("--format", "moodle", "--roster", "roster.csv", "--template", "moodle.csv")
    expected = MOODLE.replace('- ",,100', '- ",50,100', 1).replace("No submission,,100", "No submission,100,100", 1)
    comment = "1 of 2 points. q1: right; q2: wrong (&lt;b&gt;See&lt;/b&gt; me)."
    expected = expected.replace('AM",-,\n', f'AM",-,{comment}\n', 1)
    assert done.stdout_bytes == expected.encode()


def test_moodle_goes_by_the_number_in_the_file_s_name(export, tmp_path):
    template = MOODLE + "\nParticipant 9504,Changed Name,,Submitted,,2,Yes,-,-,\n"
    (tmp_path / "moodle.csv").write_text(template)
    done = export("--format", "moodle", "--template", "moodle.csv")
    rows = {row["\ufeffIdentifier"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["Participant 9504"]["Grade"] == "0.45"
    assert rows["Participant 9503"]["Grade"] == "7,00"


def test_without_a_template_canvas_gets_a_file_from_the_roster(export):
    done = export("--format", "canvas", "--roster", "roster.csv")
    assert done.stdout == (
        f"Student,ID,SIS User ID,SIS Login ID,Section,{UNIT}\n"
        "    Points Possible,,,,,2\n"
        "Anna Abel,101,s1,anna,A,1\n"
        '"Ben, the ""Bear""",102,s2,ben,B,2\n'
        "Cy Coe,103,s3,cy,A,\n"
        "Dot Doe,104,s4,'=dot(),A,0.45\n"
    )


def test_without_a_template_moodle_gets_a_worksheet_from_the_roster(export):
    done = export("--format", "moodle", "--roster", "roster.csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert list(rows[0]) == [
        *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade"),
        *("Grade can be changed", "Last modified (grade)", "Feedback comments"),
    ]
    # The number in the name of the assignment's file comes before the one of the roster.
    assert [(row["Identifier"], row["Grade"]) for row in rows] == [
        ("Participant 501", "1"),
        ("Participant 502", "2"),
        ("Participant 503", ""),
        ("Participant 9504", "0.45"),
    ]
    assert rows[2]["Status"] == "No submission"


def test_a_mark_of_nobody_on_the_roster_is_named(export, tmp_path):
    (tmp_path / "roster.csv").write_text("learner,name\nanna,Anna Abel\n")
    done = export("--format", "canvas", "--roster", "roster.csv")
    assert done.exit_code == 1
    assert "Error: Not on the roster, left out: =dot(), ben." in done.stderr
    done = export("--format", "moodle", "--roster", "roster.csv")
    assert "Error: anna has no moodle_id on the roster" in done.stderr


def test_strangers_are_told_in_one_line_however_many_units_they_handed_in(export, book, tmp_path):
    with Gradebook(book) as opened:
        for number in range(7):
            for unit in (UNIT, OTHER):
                item = HandedIn(f"guest{number}", unit, tmp_path, f"{number}")
                opened.record(item, "v", True, outcomes(1, 1))
    said = "Error: Not on the roster, left out: guest0, guest1, guest2, guest3, guest4 and 2 more.\n"
    for template in ([], ["--template", "canvas.csv", "--column", "1=Quiz (7002)"]):
        done = export("--format", "canvas", "--roster", "roster.csv", *template)
        assert said in done.stderr
        assert done.stderr.count("guest") == 5
        assert done.exit_code == 1


@pytest.fixture
def silent(export, tmp_path):
    """Three more learners who handed in nothing; one has a mark on the platform."""
    with (tmp_path / "roster.csv").open("a") as roster:
        roster.writelines(f"{id},{id} X,,{n},{n},{n},A\n" for n, id in enumerate(("eve", "fay", "gus"), 105))
    more = "eve X,105,,eve,A,,,,\r\nfay X,106,,fay,A,, ,,\r\ngus X,107,,gus,A,,7,,\r\n"
    (tmp_path / "canvas.csv").write_bytes((CANVAS + more).encode())
    (tmp_path / "moodle.csv").write_text(MOODLE + "\nParticipant 105,eve X,,No submission,,100.00,Yes,-,-,\n")
    return export


def test_who_handed_in_nothing_is_told_and_gets_nothing(silent):
    done = silent("--format", "canvas", "--roster", "roster.csv", "--template", "canvas.csv")
    assert "Nothing in 2 cells, since nothing was handed in: eve, fay; --absent 0 writes 0.\n" in done.stderr
    assert "fay,A,, ,,\r\n" in done.stdout_bytes.decode()
    for platform in ("canvas", "moodle"):
        done = silent("--format", platform, "--roster", "roster.csv")
        assert "Nothing in 3 cells, since nothing was handed in: eve, fay, gus; --absent 0" in done.stderr


def test_who_handed_in_nothing_can_get_0_and_no_mark_is_lost_by_it(silent):
    zero = ("--absent", "0", "--roster", "roster.csv")
    done = silent("--format", "canvas", "--template", "canvas.csv", *zero)
    assert "0 in 2 cells, since nothing was handed in: eve, fay.\n" in done.stderr
    text = done.stdout_bytes.decode()
    assert text.endswith("eve,A,,0,,\r\nfay X,106,,fay,A,,0,,\r\ngus X,107,,gus,A,,7,,\r\n")
    assert '"Coe, Cy",,s3,,A,,N/A,,\r\n"Student, Test",999,,,A,,,,\r\n' in text
    made = list(csv.reader(io.StringIO(silent("--format", "canvas", *zero).stdout)))
    assert {row[0]: row[-1] for row in made[4:]} == {
        "Cy Coe": "",
        "Dot Doe": "0.45",
        **dict.fromkeys(("eve X", "fay X", "gus X"), "0"),
    }
    done = silent("--format", "moodle", "--template", "moodle.csv", *zero)
    assert "Participant 105,eve X,,No submission,0,100.00," in done.stdout
    rows = csv.DictReader(io.StringIO(silent("--format", "moodle", *zero).stdout))
    assert [row["Grade"] for row in rows] == ["1", "2", "", "0.45", "0", "0", "0"]


def test_0_is_for_nobody_who_may_have_handed_in_under_another_name(export, book, tmp_path):
    with Gradebook(book) as opened:
        opened.record(HandedIn("evex_105", UNIT, tmp_path, "d"), "v", True, outcomes(1, 1))
        opened.record(HandedIn("cy", "", tmp_path, "", problem="unreadable", message="It is empty."))
    assert (
        "cy: a file of no unit (unreadable) counts as nothing"
        in export("--format", "canvas", "--roster", "roster.csv").stderr
    )
    done = export("--format", "canvas", "--roster", "roster.csv", "--absent", "0")
    assert (
        "Error: Not on the roster: evex_105. Add them, or grade with --roster and take these out with "
        "`mldebt mark exclude`, before --absent 0" in done.stderr
    )
    assert (done.exit_code, done.stdout) == (1, "")


def test_points_by_hand_are_exported_for_what_was_not_judged(export, book, tmp_path):
    with Gradebook(book) as opened:
        opened.record(HandedIn("ben", OTHER, tmp_path, "d"), "v", True, outcomes(1, 1))
        opened.rule(Ruling("cy", UNIT, "q1", 1.0, "shown to me"))
        opened.rule(Ruling("anna", OTHER, "q1", 1.0, "said it"))
        opened.rule(Ruling("cy", OTHER, "q1", None, comment="Come and see me."))
    done = export("--format", "canvas", "--roster", "roster.csv")
    rows = {row["Student"]: (row[OTHER], row[UNIT]) for row in csv.DictReader(io.StringIO(done.stdout))}
    assert (rows["Anna Abel"][0], rows["Cy Coe"]) == ("1", ("", "1"))
    assert f"cy, {UNIT}: unreadable; no points by hand, so 0, for q2." in done.stderr
    assert "since nothing was handed in: cy, =dot();" in done.stderr
    assert done.exit_code == 0
    done = export("--format", "moodle", "--roster", "roster.csv", "--unit", "2")
    assert "q1: unreadable, points by hand; q2: unreadable." in done.stdout


def test_a_column_can_be_named_and_two_units_go_into_one_file(export, book, tmp_path):
    with Gradebook(book) as opened:
        opened.record(HandedIn("anna", OTHER, tmp_path, "d"), "v", True, outcomes(1, 1))
    both = ("--format", "canvas", "--roster", "roster.csv", "--template", "canvas.csv")
    done = export(*both)
    assert (
        f'Error: {OTHER} has no column in {tmp_path}/canvas.csv; name it with --column "{OTHER}=ITS TITLE".'
        in done.stderr
    )
    done = export(*both, "--column", f"{OTHER}=Quiz (7002)")
    assert 'there",5,5,90.00\r\n' in done.stdout_bytes.decode()
    done = export(*both, "--unit", "1", "--column", "01=Quiz (7002)")
    assert 'there",,5,90.00\r\n' in done.stdout_bytes.decode()
    assert done.exit_code == 0


def test_out_writes_a_file(export, tmp_path):
    done = export("--format", "canvas", "--roster", "roster.csv", "--out", str(tmp_path / "out.csv"))
    assert done.stdout == ""
    assert (tmp_path / "out.csv").read_text().startswith("Student,ID")
    done = export("--format", "canvas", "--roster", "roster.csv", "--out", str(tmp_path / "no" / "out.csv"))
    assert f"The folder {tmp_path / 'no'} is not there; make it first." in done.stderr
    (tmp_path / "out.csv.part").mkdir()
    done = export("--format", "canvas", "--roster", "roster.csv", "--out", str(tmp_path / "out.csv"))
    assert "out.csv cannot be written: Is a directory." in done.stderr


@pytest.mark.parametrize("out", ["class.db", "roster.csv", "canvas.csv", "link.csv"])
def test_nothing_that_is_read_is_written_over(export, tmp_path, out):
    (tmp_path / "link.csv").hardlink_to(tmp_path / "roster.csv")
    before = (tmp_path / out).read_bytes()
    both = ("--roster", "roster.csv", "--template", "canvas.csv")
    done = export("--format", "canvas", *both, "--out", str(tmp_path / out))
    assert f"{out} would be written over; name another file." in done.stderr
    assert done.exit_code == 1
    assert (tmp_path / out).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "canvas"], "Give --template (what the platform exported), --roster, or both."),
        (["--format", "excel", "--roster", "roster.csv"], "'excel' is not one of"),
        (["--format", "canvas", "--roster", "gone.csv"], "gone.csv cannot be read: No such file or directory"),
        (["--format", "canvas", "--template", "gone.csv"], "gone.csv cannot be read: No such file or directory"),
        (["--format", "canvas", "--template", "canvas.csv", "--absent", "0"], "--absent 0 is for --roster"),
        (["--format", "canvas", "--template", "moodle.csv"], "moodle.csv is no export of Canvas: it lacks the columns"),
        (["--format", "moodle", "--template", "canvas.csv"], "canvas.csv lacks the columns Identifier and Grade"),
        (["--format", "canvas", "--roster", "roster.csv", "--unit", "99-x"], "There is no unit '99-x'; the units are 00-"),
        (["--format", "canvas", "--roster", "roster.csv", "--unit", "02-a-limit"], f"There is no unit '02-a-limit'; did you mean '{UNIT}'?"),
        (
            ["--format", "canvas", "--template", "canvas.csv", "--column", "Unit One (4402)"],
            '--column "Unit One (4402)" lacks UNIT=; write it as --column 01-track-model-versions="Unit One (4402)".',
        ),
        (["--format", "canvas", "--roster", "roster.csv", "--unit", OTHER], f"holds no mark for {OTHER}."),
        (
            ["--format", "canvas", "--template", "canvas.csv", "--column", f"{UNIT}=Nothing"],
            "canvas.csv has no column 'Nothing'; its columns are Student, ID,",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_one_clear_sentence(export, arguments, said):
    done = export(*arguments)
    assert done.exit_code in (1, 2)
    assert said in " ".join(done.stderr.split())


def test_two_columns_of_one_unit_are_not_guessed(export, tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS.replace("Quiz (7002)", "Set a limit again (7002)"))
    done = export("--format", "canvas", "--roster", "roster.csv", "--template", "canvas.csv")
    assert f"has 2 columns for {UNIT}; name one with" in done.stderr


def test_a_moodle_worksheet_is_for_one_unit(export, book, tmp_path):
    with Gradebook(book) as opened:
        opened.record(HandedIn("anna", OTHER, tmp_path, "d"), "v", True, outcomes(1))
    done = export("--format", "moodle", "--roster", "roster.csv")
    assert f"there are {OTHER}, {UNIT}: choose one with --unit." in done.stderr


def test_there_has_to_be_a_gradebook(tmp_path):
    done = CliRunner().invoke(main, ["export", str(tmp_path / "x.db"), "--format", "canvas", "--roster", "r.csv"])
    assert "x.db is not there; name the gradebook" in done.stderr
    assert not (tmp_path / "x.db").exists()


# --- the file that is filled in


@pytest.fixture
def sheet(tmp_path):
    def sheet(text):
        path = tmp_path / "t.csv"
        path.write_bytes(text.encode())
        return Sheet(path)

    return sheet


@pytest.mark.parametrize(
    "text",
    [
        CANVAS,
        MOODLE,
        "a",
        "a\n",
        "a,b",
        "a,\n",
        "a,",
        ",\n,\n",
        '"a\r\nb",""\r\n\r\n"""",c"d\r\n',
        "a;b\n1;2\n",
        "a\tb\n1\t2\n",
        "a,b\r1,2\r",
    ],
)
def test_what_is_not_filled_in_keeps_its_bytes(sheet, text):
    made = sheet(text)
    assert made.bytes() == text.encode()
    dialect = {";": ";", "\t": "\t"}.get(text[1:2], ",")
    assert [row for row in made.rows if any(row)] == [
        row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=dialect) if any(row)
    ]


def test_a_cell_is_quoted_where_it_must_be(sheet):
    made = sheet('a,b\n1,"2"\n')
    made.fill(1, 0, 'x,"y"\nz')
    made.fill(1, 1, "3")
    assert made.bytes() == b'a,b\n"x,""y""\nz","3"\n'
    assert made.cell(1, 1) == "3"
    assert made.cell(1, 9) == made.cell(1, -1) == ""


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), ('a,b\n"1,2\n', "row 2 is no row"), ('a\n"b"c\n', "row 2")]
)
def test_what_is_no_csv_is_refused(sheet, text, said):
    with pytest.raises(SheetError, match=said):
        sheet(text)

"""Feedback goes back to whom it belongs, says what to look at, and holds nothing of the solution."""

import html
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from classroom import UNIT
from click.testing import CliRunner
from platforms import on_canvas, on_moodle

from mldebt import units, variant
from mldebt.check import Outcome, Question, Status
from mldebt.cli import main
from mldebt.grading.collect import HandedIn
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.handback import write_zips
from mldebt.grading.mark import Mark, Ruling
from mldebt.grading.page import MOST_CODE, WORDS, slug, unit_page, write_pages
from mldebt.grading.tables import rows
from mldebt.grading.template import code
from mldebt.grading.who import NOTHING_KNOWN, Who
from mldebt.release import EACH, NONE, Release
from mldebt.roster import Learner, Roster


def mark(learner="anna", file="x.ipynb", unit=UNIT, status=Status.WRONG, **others):
    questions = units.load(unit).questions.values()
    earned = lambda question: question.points if status is Status.RIGHT else 0.0  # noqa: E731
    made = tuple(Outcome(q.id, status, earned(q), q.points, "Look again.", "no") for q in questions)
    return Mark(learner, unit, file, made, "", "", (), True, **others)


def text(page):
    """Return what a reader sees of a page."""

    class Text(HTMLParser):
        seen = ""

        def handle_data(self, data):
            self.seen += data

    parser = Text()
    parser.feed(re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    return " ".join(parser.seen.split())


def page_of(one, who=NOTHING_KNOWN):
    return unit_page(one, rows([one]), who)


def test_a_page_says_all_that_a_learner_needs(tmp_path):
    one = mark(
        work={"q1": "max_versions = 30"},
        handed_in="2026-12-01T10:05:00+01:00",
        penalty=0.1,
        rulings=(Ruling("anna", UNIT, "q1", 0.5, "half is right"), Ruling("anna", UNIT, "q1", None, comment="See me.")),
    )
    question = units.load(UNIT).questions["q1"]
    seen = text(page_of(one))
    for part in (
        "Feedback for anna: 0.45 of 2 points. Handed in at 2026-12-01 10:05.",
        "10 % of the points are taken off",
        "Not yet. Look again.",
        "Hint: " + question.hints[0].replace("`", ""),
        "0.45 of 1 points.",
        "given by your instructor: half is right",
        "Your instructor writes: See me.",
        "Your code: max_versions = 30",
    ):
        assert " ".join(part.split()) in seen, part


def test_no_hint_for_what_is_right():
    seen = text(page_of(mark(status=Status.RIGHT)))
    assert "Hint" not in seen
    assert seen.count("Right.") == len(units.load(UNIT).questions)


def secrets(question: Question, solution: str):
    """Return what would give a question away: long lines of code, whole statements, and the texts of right options."""
    found = [solution.strip()]
    if question.item is None:
        found += [line.strip() for line in solution.splitlines() if len(line.strip()) > 12 and "=" in line]
    else:
        found += [option.text for option in question.item.options if option.right and len(option.text) > 4]
    return [secret for secret in found if secret]


@pytest.mark.parametrize("name", units.names())
@pytest.mark.parametrize("status", Status)
def test_nothing_of_the_solution_is_on_a_page(name, status):
    """Every message that a learner can be told is put on the page of every question."""
    unit = units.load(name)
    told = {
        q.id: [q.praise] if status is Status.RIGHT else [*q.misconceptions.values(), *_whys(q)]
        for q in unit.questions.values()
    }
    for at in range(max(map(len, told.values()))):
        outcomes = tuple(
            Outcome(q.id, status, 0.0, q.points, (told[q.id] * (at + 1))[at], "no") for q in unit.questions.values()
        )
        one = Mark("anna", name, "x.ipynb", outcomes, "", "", (), True, work={"q1": "pass"})
        page = html.unescape(page_of(one))
        for question in unit.questions.values():
            for secret in secrets(question, unit.solutions[question.id]):
                assert " ".join(secret.split()) not in " ".join(page.split()), (question.id, secret)


def _whys(question):
    item = question.item
    return [option.why for option in item.options if not option.right] if item else []


def test_the_test_for_solutions_can_fail():
    unit = units.load("03-keep-the-best")
    for id, question in unit.questions.items():
        for secret in secrets(question, unit.solutions[id]):
            one = mark(unit="03-keep-the-best", work={"q1": secret})
            assert " ".join(secret.split()) in " ".join(html.unescape(page_of(one)).split())


def test_what_is_hostile_is_shown_as_text():
    evil = "</code></pre><script>alert(1)</script><img src=//x>\x1b[31m\u202e\t`a`\r\nx = 1"
    one = mark(
        learner="<b>x</b>\u202e",
        file="<i>.ipynb",
        work={"q1": evil},
        rulings=(Ruling("x", UNIT, "q1", 1, "<u>r</u>", "<u>c</u>"),),
    )
    page = page_of(Mark(**{**vars(one), "notes": ("<s>n</s>",)}))
    assert not re.search(r"<(script|img|b|i|u|s)\b", page)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page)
    assert r"\u001b[31m\u202e" in page
    assert "default-src 'none'; style-src 'unsafe-inline'" in page


def test_a_cell_of_megabytes_is_cut():
    page = page_of(mark(work={"q1": "x" * (1 << 20)}))
    assert len(page) < MOST_CODE + 20_000
    assert f"and {(1 << 20) - MOST_CODE:,} characters more" in page


def test_each_learner_has_an_index(tmp_path):
    marks = [mark(), mark(unit="01-track-model-versions", status=Status.RIGHT), mark("ben")]
    marks.append(Mark("cy", UNIT, "d/x.ipynb", (), "unreadable", "It is empty.", (), True))
    marks.append(Mark("dot", "", "d/y.ipynb", (), "not ours", "It is of no unit.", (), True))
    assert [path.parent.name for path in write_pages(marks, tmp_path)] == ["anna", "ben", "cy", "dot"]
    seen = {path.parent.name: text(path.read_text("utf-8")) for path in tmp_path.glob("*/index.html")}
    assert "2 of 4 points in all" in seen["anna"]
    assert "Not handed in" in seen["ben"]
    assert "Not judged: unreadable. It is empty." in seen["cy"]
    assert "Not judged: not ours. It is of no unit." in seen["dot"]
    assert sorted(path.name for path in (tmp_path / "anna").iterdir()) == [
        "01-track-model-versions.html",
        f"{UNIT}.html",
        "index.html",
    ]
    assert "It is empty." in text((tmp_path / "cy" / f"{UNIT}.html").read_text("utf-8"))


def test_learners_never_share_a_folder():
    names = ["anna", "Anna", "ann a", "ann/a", "..", "", "a" * 300, "a" * 301, "Zoé", "Zoe\u0301", "con", "\ud800"]
    assert len({slug(name) for name in names}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_][a-z0-9_-]*", slug(name)) for name in names)


def test_every_outcome_has_a_word():
    assert {status.value for status in Status} <= set(WORDS)


# --- whose page it is

VARYING = "03-keep-the-best"


def release(variants=EACH, learners=("anna", "ben")):
    return Release("s", (VARYING,), variants, None, learners)


@pytest.mark.parametrize("name", units.names())
def test_a_page_has_the_titles_of_the_learner_s_own_variant(name):
    given = release()
    seen = text(page_of(mark(unit=name), Who(release=given)))
    for id, question in variant.load(name, given.id_of("anna")).questions.items():
        for said in (f"{id} · {question.title}", question.hints[0] if question.hints else ""):
            assert text(str(code(said))) in seen


def test_without_a_release_a_page_has_no_names_that_differ():
    for who in (Who(varied=True), Who(release=release(learners=("ben",)))):
        seen = text(page_of(mark(unit=VARYING), who))
        assert "q1 · the best versions, by a rule" in seen
        assert "active_models" not in seen
        assert "Suppose the script held" not in seen
    for who in (Who(), Who(release=release(NONE))):
        assert "q1 · active_models: the best" in text(page_of(mark(unit=VARYING), who))


def test_a_release_without_hints_has_none_on_its_pages():
    given = Release("s", (UNIT,), NONE, 0, ("anna",))
    hint = text(str(code(units.load(UNIT).questions["q1"].hints[0])))
    assert hint in text(page_of(mark(), Who()))
    assert hint not in text(page_of(mark(), Who(release=given)))


def test_a_page_has_the_name_that_the_roster_knows(tmp_path):
    who = Who(Roster([Learner("anna", "Anna <b>Abel</b>")]))
    write_pages([mark(), mark("ben")], tmp_path, who)
    for page in ("index", UNIT):
        written = (tmp_path / "anna" / f"{page}.html").read_text("utf-8")
        assert "Feedback for Anna <b>Abel</b>" in text(written)
        assert "<b>" not in written
    assert "Feedback for ben" in text((tmp_path / "ben" / "index.html").read_text("utf-8"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("A colleague says: *We are fast.* Why?", "A colleague says: <em>We are fast.</em> Why?"),
        ("`a *b* c` and *d*", "<code>a *b* c</code> and <em>d</em>"),
        ("*<i>*, (*x*)", "*&lt;i&gt;*, (<em>x</em>)"),
        ("a*b*c, 2 * x * y, f(*args, *more), __init__, **both**", None),
        ("![x](https://x.org/x.png)", None),
    ],
)
def test_code_and_words_are_all_that_is_marked_up(said, shown):
    assert str(code(said)) == (shown or said)


def test_the_command_takes_names_and_variants_from_roster_and_release(tmp_path):
    given = release(learners=("anna",))
    write = lambda name, content: (tmp_path / name).write_text(content)  # noqa: E731
    write("roster.csv", "learner,name\nanna,Anna Abel\n")
    write("release.json", json.dumps(vars(given)))
    with Gradebook(tmp_path / "class.db") as book:
        made = mark(unit=VARYING).outcomes
        book.record(HandedIn("anna", VARYING, tmp_path / "x.ipynb", "d"), "v", True, made)
    options = ["--roster", tmp_path / "roster.csv", "--release", tmp_path / "release.json"]
    run = lambda *more: CliRunner().invoke(  # noqa: E731
        main, list(map(str, ["feedback", tmp_path / "class.db", tmp_path / "out", *more]))
    )
    assert run(*options).exit_code == 0
    seen = text((tmp_path / "out" / "anna" / f"{VARYING}.html").read_text("utf-8"))
    assert "Feedback for Anna Abel" in seen
    assert variant.load(VARYING, given.id_of("anna")).questions["q1"].title in seen
    assert "gone.json cannot be read" in run("--release", tmp_path / "gone.json").stderr


# --- zips for the platforms

CANVAS = on_canvas("Abel, Anna", 101, 9001, file=f"{UNIT}-2.ipynb")
MOODLE = on_moodle("Anna Abel", 501, "week 2/Untitled.ipynb")


def test_canvas_gets_back_its_own_file_names(tmp_path):
    marks = [mark(file=f"in/c.zip/{CANVAS}", work={"q1": "mine = 1"}), mark("ben", f"in/ben/{UNIT}.ipynb")]
    marks.append(Mark("cy", "", f"in/c.zip/{on_canvas('Coe', 1, 2)}", (), "not ours", "", (), True))
    (path,), left = write_zips(marks, tmp_path, "canvas")
    assert path.name == f"{UNIT}-canvas.zip"
    assert [one.learner for one in left] == ["ben"]
    with zipfile.ZipFile(path) as made:
        assert made.namelist() == [CANVAS]
        content = made.read(CANVAS).decode()
    # Canvas shows the file under the learner's own name for it, which is that of a notebook.
    nbformat.validate(nbformat.reads(content, as_version=4))
    shown = json.loads(content)["cells"][0]["outputs"][0]["data"]["text/html"]
    assert "Look again." in shown
    assert "mine = 1" in shown
    assert "index.html" not in shown


def moodle_takes(name):
    """Find the participant as Moodle's importer does: the parts of a path, each split at underscores."""
    for part in name.split("/"):
        info = part.split("_", 4)
        if len(info) >= 4 and info[1].isdecimal() and info[2:4] == ["assignsubmission", "file"]:
            return int(info[1])
    return None


def canvas_takes(name):
    """Find user and attachment as Canvas does: the first two parts between underscores that are numbers."""
    numbers = [part for part in Path(name).name.split("_") if re.fullmatch(r"\d+", part)]
    return tuple(map(int, numbers[:2]))


@pytest.mark.parametrize("tail", ["", "_"])
def test_moodle_gets_back_its_own_folders(tmp_path, tail):
    file = on_moodle("Anna Abel", 501, "week 2/Untitled.ipynb", tail=tail)
    (path,), left = write_zips([mark(file=f"in/m.zip/{file}")], tmp_path, "moodle")
    assert left == []
    with zipfile.ZipFile(path) as made:
        (name,) = made.namelist()
        assert name == f"Anna Abel_501_assignsubmission_file{tail}/{UNIT}-feedback.html"
        page = made.read(name).decode()
    assert moodle_takes(name) == 501
    assert "Look again." in page
    assert "index.html" not in page
    assert canvas_takes(CANVAS) == (101, 9001)


def test_equal_marks_give_equal_zips(tmp_path):
    for place in ("a", "b"):
        write_zips([mark(file=f"in/{MOODLE}")], tmp_path / place, "moodle")
    name = f"{UNIT}-moodle.zip"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()

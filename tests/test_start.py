"""The start page: the map of the course, with the learner's progress in it, and a way to begin a unit again."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mldebt import units
from mldebt.build.source import read_cells
from mldebt.check import Outcome, Status
from mldebt.lab import quiz
from mldebt.lab.feedback import CourseError
from mldebt.lab.progress import Progress, course_folder
from mldebt.lab.start import course_map, reset

START = units.load("00-start-here")
NAMES = units.names()
ONE, THREE = "01-track-model-versions", "03-keep-the-best"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Work as a notebook in notebooks/ does; return the folder in which the progress is kept."""
    monkeypatch.delenv("MLDEBT_NO_PROGRESS", raising=False)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    folder = tmp_path / ".mldebt" / "progress"
    folder.mkdir(parents=True)
    return folder


class Table(HTMLParser):
    """What a reader, or a screen reader, finds in the map."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.scopes = [], [], []
        self.cells, self._in = [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))
        if tag == "tr":
            self.cells.append([])
        if tag in ("td", "th", "caption"):
            self._in = tag
            if tag != "caption":
                self.cells[-1].append("")

    def handle_endtag(self, tag):
        if tag == self._in:
            self._in = None

    def handle_data(self, data):
        if self._in in ("td", "th"):
            self.cells[-1][-1] += data


def row(name):
    return next(row for row in course_map().rows if row.name == name)


def test_every_unit_is_on_the_map_in_order(kept):
    shown = course_map()
    assert [row.name for row in shown.rows] == NAMES
    assert [row.title for row in shown.rows] == [units.load(name).title for name in NAMES]
    assert [row.minutes for row in shown.rows] == [units.load(name).minutes for name in NAMES]


def test_an_empty_folder_is_all_to_do(kept):
    for found in course_map().rows:
        assert found.count == f"0 of {len(units.load(found.name).questions)} right"
        assert found.todo == "lesson, then exercise"
    assert course_map().warnings == []


def test_progress_is_shown_as_it_is_kept(kept):
    (kept / f"{ONE}.json").write_text('{"right": ["q1"]}')
    (kept / f"{THREE}.json").write_text('{"right": ["q1", "q2"]}')
    assert (row(ONE).count, row(ONE).todo) == ("1 of 2 right", "exercise: q2")
    assert (row(THREE).count, row(THREE).todo) == ("2 of 2 right", "done")
    assert course_map().lines[:1] == ["Mini project (units 01 to 04): 2 / 4 steps"]


def test_a_question_that_is_no_longer_there_does_not_count(kept):
    (kept / f"{ONE}.json").write_text('{"right": ["q1", "q9"]}')
    assert row(ONE).count == "1 of 2 right"


@pytest.mark.parametrize("damage", [b"{oops", b"\xff\xfe", b"[1, 2]", b'{"right": "q1"}', b""])
def test_a_damaged_file_is_put_aside_and_told_and_the_others_count(kept, damage):
    (kept / f"{ONE}.json").write_bytes(damage)
    (kept / f"{THREE}.json").write_text('{"right": ["q1"]}')
    shown = course_map()
    assert [row.count for row in shown.rows if row.name in (ONE, THREE)] == ["0 of 2 right", "1 of 2 right"]
    assert len(shown.warnings) == 1
    assert f"{ONE}.json was damaged" in shown.warnings[0]
    assert shown.warnings[0] in repr(shown)
    assert "was damaged" in shown._repr_html_()
    assert (kept / f"{ONE}.damaged").read_bytes() == damage
    assert course_map().warnings == []


def test_what_was_put_aside_before_is_kept(kept):
    for text in ("{one", "{two", "{three"):
        (kept / f"{ONE}.json").write_text(text)
        assert "was damaged" in repr(course_map())
    assert sorted(path.read_text() for path in kept.glob(f"{ONE}.damaged*")) == ["{one", "{three", "{two"]


def test_two_courses_in_two_folders_do_not_mix(tmp_path, monkeypatch):
    monkeypatch.delenv("MLDEBT_NO_PROGRESS", raising=False)
    for course in ("spring", "autumn"):
        for folder in ("notebooks", "exercises"):
            (tmp_path / course / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "spring" / "exercises")
    Progress(course_folder()).record(ONE, Outcome("q1", Status.RIGHT, 1, 1, ""))
    monkeypatch.chdir(tmp_path / "spring" / "notebooks")
    assert "q1" not in row(ONE).left
    monkeypatch.chdir(tmp_path / "autumn" / "notebooks")
    assert "q1" in row(ONE).left
    reset(ONE)
    monkeypatch.chdir(tmp_path / "spring" / "notebooks")
    assert "q1" not in row(ONE).left


def test_two_damaged_files_are_both_told(kept):
    for name in (ONE, THREE):
        (kept / f"{name}.json").write_text("{oops")
    assert [name in warning for name, warning in zip((ONE, THREE), course_map().warnings, strict=True)] == [True, True]


def test_reset_forgets_one_unit_only(kept, capsys):
    for name in (ONE, THREE):
        (kept / f"{name}.json").write_text('{"right": ["q1"]}')
    reset(ONE)
    assert "progress of 01 Track model versions is gone" in capsys.readouterr().out
    assert (row(ONE).count, row(THREE).count) == ("0 of 2 right", "1 of 2 right")
    reset(ONE)  # once more does no harm


def test_reset_of_an_unknown_unit_says_which_may_have_been_meant(kept):
    (kept / f"{THREE}.json").write_text('{"right": ["q1"]}')
    with pytest.raises(CourseError, match="Did you mean '03-keep-the-best'"):
        reset("keep-the-best")
    assert row(THREE).count == "1 of 2 right"


def test_reset_that_is_refused_is_one_sentence(kept):
    (kept / f"{ONE}.json").mkdir()
    with pytest.raises(CourseError, match="cannot be removed"):
        reset(ONE)


def test_what_to_do_next_is_the_first_unit_that_is_not_done(kept):
    assert "Next: 00 Start here, the exercise: ../exercises/00-start-here.ipynb" in repr(course_map())
    (kept / "00-start-here.json").write_text('{"right": ["q1", "q2"]}')
    assert f"Next: 01 Track model versions, the lesson: ../notebooks/{ONE}.ipynb" in repr(course_map())
    (kept / f"{ONE}.json").write_text('{"right": ["q2"]}')
    assert f"Next: 01 Track model versions, the exercise: ../exercises/{ONE}.ipynb" in repr(course_map())


def test_a_finished_course_says_so(kept):
    for name in NAMES:
        questions = ", ".join(f'"{id}"' for id in units.load(name).questions)
        (kept / f"{name}.json").write_text(f'{{"right": [{questions}]}}')
    assert "Every unit is done." in repr(course_map())
    assert "Next" not in course_map()._repr_html_()
    assert course_map().lines[:1] == ["Mini project (units 01 to 04): 4 / 4 steps"]


def test_the_text_has_a_line_for_each_unit(kept):
    (kept / f"{ONE}.json").write_text('{"right": ["q1"]}')
    lines = repr(course_map()).splitlines()
    for name, line in zip(NAMES, lines, strict=False):
        assert line.startswith(f"{name[:2]} {units.load(name).title}")
    assert lines[1].split("  ")[-1] == "exercise: q2"
    assert "Mini project (units 01 to 04): 1 / 4 steps" in lines
    assert "<" not in repr(course_map())


def test_the_table_has_a_caption_and_heads_and_words(kept):
    (kept / f"{ONE}.json").write_text('{"right": ["q1"]}')
    table = Table(course_map()._repr_html_())
    assert "caption" in table.tags
    assert table.scopes == ["col"] * 6 + ["row"] * len(NAMES)
    one = units.load(ONE)
    assert table.cells[2] == [f"01 {one.title}", str(one.minutes), "lesson", "exercise", "1 of 2 right", "exercise: q2"]


def test_the_table_escapes_what_an_author_wrote(kept):
    shown = course_map()
    shown.lines.append("<b>&")
    assert "&lt;b&gt;&amp;" in shown._repr_html_()


def test_the_links_lead_to_both_notebooks_of_each_unit(kept):
    links = Table(course_map()._repr_html_()).links
    expected = [f"../{folder}/{name}.ipynb" for name in NAMES for folder in ("notebooks", "exercises")]
    assert links[: len(expected)] == expected
    assert links[len(expected) :] == ["../exercises/00-start-here.ipynb"]


def test_the_map_takes_less_than_a_second(kept):
    course_map()
    start = time.perf_counter()
    course_map()
    assert time.perf_counter() - start < 1


def links_of_the_page():
    text = (START.folder / "lesson.md").read_text(encoding="utf-8")
    return re.findall(r"\]\(([^)]+)\)", text)


def test_there_are_ten_ways_in():
    text = (START.folder / "lesson.md").read_text(encoding="utf-8").partition("## Ten ways in")[2]
    rows = [line for line in text.partition("## Test")[0].splitlines() if line.startswith("|")]
    assert len(rows) - 2 == 10
    assert all(len(re.findall(r"\]\(", line)) == 1 for line in rows[2:])


@pytest.mark.parametrize("link", links_of_the_page())
def test_each_way_in_leads_to_a_heading_that_is_there(link):
    target, _, anchor = link.partition("#")
    name = Path(target).stem or START.name
    assert target in ("", f"../notebooks/{name}.ipynb", f"../exercises/{name}.ipynb")
    cells = read_cells(units.load(name).folder / "lesson.md")
    heads = [line[3:] for cell in cells for line in cell.source.splitlines() if line.startswith("## ")]
    assert not anchor or anchor in [head.replace(" ", "-") for head in heads]


def test_the_test_has_ten_questions_of_all_kinds_and_levels_for_five_lessons():
    items = START.quizzes["test"]
    assert len(items) == 10
    assert {item.kind for item in items} == {"choice", "several", "number", "blank"}
    assert {item.level for item in items} == {"easy", "medium", "hard"}
    lessons = [name for name in NAMES if "01" <= name[:2] <= "05"]
    assert sorted(item.lesson for item in items) == sorted(lessons * 2)


def test_the_test_says_which_lessons_to_take():
    test = quiz("00-start-here", "test")
    for item in test.items:
        test._note(item, item.lesson != THREE)
    said = test.score()
    assert "right at the first try: 8" in said
    assert re.search(r"Take:</strong> 03-keep-the-best\.", said)
    assert re.search(r"skip:</strong> 01-[\w-]+, 02-[\w-]+, 04-[\w-]+, 05-[\w-]+\.", said)

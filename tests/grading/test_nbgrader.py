"""Released exercises in a real nbgrader course: nbgrader's marks are ours, for the attempts of the bank."""

import csv
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

import pytest
from nbgrader_course import Course

from mldebt import units, variant
from mldebt.build.attempts import read_attempts
from mldebt.build.source import answer_cell
from mldebt.check.source import names_of
from mldebt.judge.cage import missing
from mldebt.release import exercise, write_release
from mldebt.roster import Learner
from mldebt.simulated import write_answer

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls"),
    pytest.mark.timeout(1500),
]
EACH = 8  # notebooks of a unit; MLDEBT_NBGRADER=all takes every attempt in the bank
# nbgrader calls alembic by its name.
ENV = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
ALL = os.environ.get("MLDEBT_NBGRADER") == "all"
CHOSEN = (
    units.names()
    if ALL
    else ["00-start-here", "03-keep-the-best", "04-show-what-is-active", "06-principal-and-interest"]
)


def answer(path, answers):
    """Write these answers, by question id, into an exercise."""
    for question, code in answers.items():
        if code is not None:
            write_answer(path, question, code)


def by_turns(unit):
    """Put the attempts at all questions of a unit together: the first of each in one notebook, then the second.

    An attempt that makes another question's answer again has a notebook of its own and answers both: nbgrader looks at
    an answer where its check stands, we look when all cells have run.
    """
    of = {name: id for id, question in unit.questions.items() for name in question.makes}
    of_each, apart = {id: [] for id in unit.questions}, []
    for attempt in read_attempts(unit):
        answers = {attempt.question} | {of[name] for name in names_of(attempt.code).binds if name in of}
        if answers == {attempt.question}:
            of_each[attempt.question].append(attempt.code)
        else:
            apart.append(dict.fromkeys(answers, attempt.code))
    found = apart + [dict(zip(of_each, turn, strict=True)) for turn in zip_longest(*of_each.values())]
    step = 1 if ALL else max(1, len(found) // EACH)
    return [*found[::step], {}, {id: answer_cell(unit, id, solved=True) for id in unit.questions}]


def our_marks(folder, book):
    """Grade with ours; return the points by learner and question."""
    command = [sys.executable, "-m", "mldebt", "grade", str(folder), "--gradebook", str(book), "--format", "csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {(row["learner"], row["question"]): float(row["earned"]) for row in csv.DictReader(io.StringIO(done.stdout))}


def grade_both(name, folder):
    """Grade the attempts of a unit in an nbgrader course and with ours; return both kinds of marks, and the course."""
    unit, text = units.load(name), exercise(name, units.PUBLIC, None)
    folder.mkdir()
    (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
    course = Course(folder / "course", name, ENV)
    course.make(folder / f"{name}.ipynb")
    for number, answers in enumerate(by_turns(unit)):
        handed_in = folder / f"{number}.ipynb"
        handed_in.write_text(text, encoding="utf-8")
        answer(handed_in, answers)
        course.hand_in(f"learner{number:02}", handed_in, f"{name}.ipynb")
    course.grade()
    return course.marks(), our_marks(course.folder / "submitted", folder / "class.db"), course


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nbgrader")
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(CHOSEN, pool.map(lambda name: grade_both(name, folder / name), CHOSEN), strict=True))


@pytest.mark.parametrize("name", CHOSEN)
def test_nbgrader_gives_every_attempt_the_marks_that_we_give(graded, name):
    theirs, ours, _ = graded[name]
    assert theirs == ours
    assert set(theirs.values()) - {0.0}
    assert 0.0 in theirs.values()


def test_a_part_of_the_points_is_a_part_in_nbgrader_too(graded):
    _, ours, _ = graded["03-keep-the-best"]
    assert set(ours.values()) & {1.0, 2.0} > {1.0} or 2.0 in ours.values()


def test_nbgrader_writes_feedback_and_exports_the_marks(graded):
    _, ours, course = graded["03-keep-the-best"]
    assert course.pages() == len({learner for learner, _ in ours})
    command = [sys.executable, "-m", "nbgrader", "export"]
    subprocess.run(command, cwd=course.folder, env=ENV, check=True, capture_output=True)
    with (course.folder / "grades.csv").open(encoding="utf-8") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {
        learner: sum(points for (whose, _), points in ours.items() if whose == learner) for learner, _ in ours
    }


@pytest.mark.parametrize(("answers", "said"), [("right", "Success"), ("wrong", "failed")])
def test_nbgrader_validates(tmp_path, answers, said):
    name, unit = "03-keep-the-best", units.load("03-keep-the-best")
    given = {id: answer_cell(unit, id, solved=True) for id in unit.questions}
    given |= {"q1": "active_models = {}"} if answers == "wrong" else {}
    path = tmp_path / f"{name}.ipynb"
    path.write_text(exercise(name, units.PUBLIC, None), encoding="utf-8")
    answer(path, given)
    command = [sys.executable, "-m", "nbgrader", "validate", path.name]
    done = subprocess.run(command, cwd=tmp_path, env=ENV, capture_output=True, text=True, check=False)
    assert said in done.stdout + done.stderr


def test_each_learner_s_variant_keeps_its_id_in_nbgrader(tmp_path):
    """The instructor's course holds the public exercise; what learners got is their own, and is judged so."""
    name = "03-keep-the-best"
    release = write_release([Learner("anna", "Anna"), Learner("bea", "Bea")], [name], tmp_path / "out", seed="s")
    course = Course(tmp_path / "course", name, ENV)
    public = tmp_path / "public.ipynb"
    public.write_text(exercise(name, units.PUBLIC, None), encoding="utf-8")
    course.make(public, f"{name}.ipynb")
    for learner, solves in (("anna", "anna"), ("bea", "anna")):
        own = tmp_path / "out" / "learners" / learner / f"{name}.ipynb"
        answer(own, solved(name, release.id_of(solves), tmp_path))
        course.hand_in(learner, own, own.name)
    course.grade()
    points = {(learner, id): points for (learner, id), points in course.marks().items() if id == "q1"}
    assert points == {("anna", "q1"): 3.0, ("bea", "q1"): 0.0}


def solved(name, id, folder):
    place = folder / f"as-{id}"
    unit = units.load(name, place if place.exists() else variant.write(name, id, place))
    return {question: answer_cell(unit, question, solved=True) for question in unit.questions}

"""Mutated notebook files: whatever the bytes, the reader says one sentence and the judge goes on.

MLDEBT_FUZZ=10000 sends that many through sandbox and judge; without it a few hundred go.
"""

import collections
import copy
import json
import os
import random

import pytest
from classroom import hand_in, notebook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mldebt import units
from mldebt.grading.collect import collect
from mldebt.grading.gradebook import Gradebook
from mldebt.grading.local import LocalJudges
from mldebt.grading.page import write_pages
from mldebt.grading.run import run
from mldebt.grading.submission import Submission, SubmissionError, read_submission
from mldebt.grading.tables import WRITERS, rows
from mldebt.judge.cage import missing

WHOLE = notebook()
TEXT = json.dumps(WHOLE).encode()
MANY = int(os.environ.get("MLDEBT_FUZZ", "300"))
SETTINGS = settings(
    max_examples=5000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


def places(node, path=()):
    """List the paths of all nodes of a JSON document."""
    yield path
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*path, key))


PLACES = list(places(WHOLE))[1:]


def with_changes(changes):
    """Put other values at some places of the notebook; a place that is gone by then is passed over."""
    data = copy.deepcopy(WHOLE)
    for path, value in changes:
        node = data
        try:
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = copy.deepcopy(value)  # the same list twice may end up in itself
        except (KeyError, IndexError, TypeError):
            continue
    return json.dumps(data).encode("utf-8", "surrogatepass")


def cut(edits):
    """Delete, repeat or overwrite stretches of bytes."""
    data = bytearray(TEXT)
    for at, length, put in edits:
        start = at % (len(data) + 1)
        data[start : start + length] = put
    return bytes(data)


changed = st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=4).map(with_changes)
cut_up = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, 400), st.binary(max_size=12)), min_size=1, max_size=4
).map(cut)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "notebook.ipynb"


def looks_right(place, data):
    place.write_bytes(data)
    refused = None
    try:
        submission = read_submission(place)
    except SubmissionError as error:
        refused = str(error)
    if refused is not None:
        assert refused.endswith(".")
        assert refused.isprintable()
        return
    assert isinstance(submission, Submission)
    assert submission.unit in units.names()
    assert all(type(cell) is str for cell in submission.cells)
    submission.own("q1")


@SETTINGS
@given(changed)
def test_a_notebook_with_other_values_is_read_or_refused(place, data):
    looks_right(place, data)


@SETTINGS
@given(cut_up)
def test_a_notebook_that_was_cut_up_is_read_or_refused(place, data):
    looks_right(place, data)


def mutated(draw):
    """Mutate a notebook by bytes or by values, faster than Hypothesis and from one seed."""
    if draw.random() < 0.4:
        edits = [(draw.randrange(len(TEXT)), draw.randrange(300), draw.randbytes(draw.randrange(9))) for _ in range(2)]
        return cut(edits)
    values = [None, True, -1, 1e308, "", "x" * 50, "\ud800", "import os", "while True: break", [], {}, [[]], {"": {}}]
    return with_changes([(draw.choice(PLACES), draw.choice(values)) for _ in range(draw.randint(1, 6))])


@pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")
@pytest.mark.timeout(3600)
def test_mutated_notebooks_go_through_sandbox_and_judge(tmp_path):
    draw = random.Random(11)
    for number in range(MANY):
        path = hand_in(tmp_path / "in", f"learner{number:05}", "")
        path.write_bytes(mutated(draw))
    with (
        Gradebook(tmp_path / "class.db", "1") as book,
        LocalJudges(os.cpu_count() or 1, book.seed, unsafe=False) as judges,
    ):
        items = collect(tmp_path / "in")
        run(items, book, lambda: judges)
        marks = list(book.marks())
    counts = collections.Counter(mark.problem or "judged" for mark in marks)
    print(dict(counts))
    assert sum(counts.values()) == MANY
    assert set(counts) <= {"judged", "unreadable", "not ours", "too large"}
    assert counts["judged"] > MANY / 3
    found = list(rows(marks))
    for write in WRITERS.values():
        assert write(found)
    assert len(write_pages(marks, tmp_path / "pages")) == MANY

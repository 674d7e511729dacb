"""Copied answers are found whatever their names and layout; what many have, or what is short, is not."""

import random

import pytest
from made import LEARNERS, everything, outcome, reported

from mldebt import units
from mldebt.check import Status
from mldebt.report import alike

UNIT = "03-keep-the-best"
LONG = '''
def keep(versions, limit):
    """Return the best."""
    left, order = dict(versions), []
    while left and len(order) < limit:
        best = None
        for name, accuracy in left.items():
            if best is None or accuracy > left[best]:
                best = name
        order.append(best)
        del left[best]
    return order


active_models = {name: model_versions[name] for name in keep(model_versions, max_versions)}
'''
# The same with other names, other layout, comments, types, another docstring and a text in between.
DISGUISED = """
import math
# mine
def f(v: dict, n: int) -> list:
    'my own work'
    rest, out = dict(v), []
    while (rest and
           len(out) < n):
        top = None  # none yet
        for k, a in rest.items():
            if top is None or a > rest[top]: top = k
        out.append(top); del rest[top]
    return out
"and now"
active_models = {x: trained[x] for x in f(trained, seats)}
"""
OTHER = """
import heapq

pairs = [(-accuracy, place, name) for place, (name, accuracy) in enumerate(model_versions.items())]
heapq.heapify(pairs)
names = []
for _ in range(min(max_versions, len(pairs))):
    _, _, name = heapq.heappop(pairs)
    names.append(name)
active_models = {}
active_models = {name: model_versions[name] for name in names}
print(names)
"""


def with_work(known, works):
    made = dict(known)
    for learner, code in works.items():
        outcomes, work = known[learner, UNIT]
        made[learner, UNIT] = ({**outcomes, "q1": outcome(UNIT, "q1")}, {**work, "q1": code})
    return made


@pytest.fixture(scope="module")
def known():
    return everything()


def found(tmp_path, handed_in, unit=UNIT):
    table = alike.pairs(reported(tmp_path, handed_in).marks)
    return {(line.first, line.second): line.alike for line in table.itertuples() if line.unit == unit}


def test_names_layout_comments_and_types_do_not_count():
    assert alike.grams(LONG) == alike.grams(DISGUISED)
    assert alike.grams(LONG) != alike.grams(OTHER)
    assert alike.grams("x = y + 3") == alike.grams("limit_of: int = seats + 30  # no")
    assert alike.grams("x = sorted(y)") != alike.grams("x = list(y)")
    assert alike.grams("x = y.items()") != alike.grams("x = y.keys()")
    assert alike.grams("a = b + c") != alike.grams("a = b + b")
    assert alike.grams("%time x = 3 + y")  # a magic is no reason to pass over a cell


def test_a_name_more_at_the_top_changes_nothing_below():
    first, second = alike.fingerprints(alike.grams(LONG)), alike.fingerprints(alike.grams("mine = 0\n" + DISGUISED))
    assert len(first & second) / len(first | second) > 0.9


def test_a_planted_pair_is_found_first_and_an_answer_of_ones_own_is_not(tmp_path, known):
    made = with_work(known, {"l04": LONG, "l21": DISGUISED, "l09": OTHER})
    table = alike.pairs(reported(tmp_path, made).marks)
    assert table.iloc[0][["unit", "first", "second", "alike"]].tolist() == [UNIT, "l04", "l21", 1.0]
    assert table.iloc[0]["questions"] == ["q1"]
    assert "l09" not in set(table[table["unit"] == UNIT]["first"]) | set(table[table["unit"] == UNIT]["second"])


def test_a_pair_that_changed_a_line_is_found(tmp_path, known):
    changed = DISGUISED.replace("out.append(top)", "print(top); out.append(top)")
    assert 0.7 <= found(tmp_path, with_work(known, {"l04": LONG, "l21": changed}))["l04", "l21"] < 1


def test_what_many_have_tells_nothing(tmp_path, known):
    few = found(tmp_path, with_work(known, dict.fromkeys(LEARNERS[:6], LONG)))
    assert set(few) >= {("l00", "l05")}
    (tmp_path / "many").mkdir()
    many = found(tmp_path / "many", with_work(known, dict.fromkeys(LEARNERS[:7], LONG)))
    assert not {("l00", "l01"), ("l00", "l06")} & set(many)


def test_letters_short_answers_stubs_and_the_public_solution_make_no_pair(tmp_path, known):
    for name, code in {
        "public": units.load(UNIT).answers["q1"],
        "short": "active_models = {}",
        "no": "not ( python",
    }.items():
        (tmp_path / name).mkdir()
        assert ("l04", "l21") not in found(tmp_path / name, with_work(known, {"l04": code, "l21": code}))
    made = with_work(known, {"l04": LONG, "l21": LONG})
    for learner in ("l04", "l21"):
        made[learner, UNIT][0]["q1"] = outcome(UNIT, "q1", Status.NOT_ATTEMPTED)
    (tmp_path / "stub").mkdir()
    assert ("l04", "l21") not in found(tmp_path / "stub", made)
    letters = {
        key: (os, {q: LONG for q in work if units.load(key[1]).questions[q].item}) for key, (os, work) in known.items()
    }
    (tmp_path / "letters").mkdir()
    assert found(tmp_path / "letters", letters, "05-practice") == {}


def test_the_form_of_the_public_solution_is_named_apart(tmp_path, known):
    renamed = units.load(UNIT).answers["q1"].replace("ranked", "mine").replace("accuracy", "a")
    assert renamed != units.load(UNIT).answers["q1"]
    table = alike.like_public(reported(tmp_path, with_work(known, {"l04": renamed, "l21": LONG})).marks)
    assert set(table[table["unit"] == UNIT]["learner"]) & {"l04", "l21"} == {"l04"}


@pytest.mark.parametrize("unit", units.names())
def test_attempts_of_a_bank_that_differ_in_kind_make_no_pair(unit):
    """Each bank holds answers that differ in kind, and some that differ in one place: few pairs of them are alike."""
    from mldebt.build.attempts import read_attempts

    prints = {}
    for attempt in read_attempts(units.load(unit)):
        public = alike.fingerprints(alike.grams(units.load(unit).answers[attempt.question]))
        left = alike.fingerprints(alike.grams(attempt.code)) - public
        if attempt.status is Status.RIGHT and len(left) >= alike.LEAST:
            prints.setdefault(attempt.question, []).append(left)
    pairs = [(a, b) for each in prints.values() for at, a in enumerate(each) for b in each[:at]]
    close = [len(a & b) / len(a | b) >= alike.ALIKE for a, b in pairs]
    assert sum(close) <= 0.1 * len(close) + 1


@pytest.mark.parametrize("code", [
    "x = " + "(" * 5000 + ")" * 5000,
    "x = " + "-" * 20000 + "1",
    "x = 1" + "+1" * 9000,
    "x = [" * 150,
    "\0", "\ud800 = 1", "x = '\ud800'", "def f(:", "", "# only", "%%bash\nls", "a" * 60_000,
])  # fmt: skip
def test_hostile_code_is_passed_over(code):
    assert isinstance(alike.grams(code), list)
    alike.fingerprints(alike.grams(code))


def test_a_stretch_of_four_grams_in_common_is_always_found():
    draw = random.Random(1)
    for _ in range(300):
        common = [str(draw.randrange(50)) for _ in range(alike.WINDOW)]
        first, second = ([f"{who}{draw.randrange(50)}" for _ in range(draw.randrange(20))] for who in "ab")
        assert alike.fingerprints(first + common + first) & alike.fingerprints(second + common + second)

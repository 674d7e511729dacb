"""Quizzes: how a response is judged, how `quiz.yaml` is read, and the quiz in a notebook without a browser."""

import copy
import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import yaml

from mldebt import units
from mldebt.check import Cell, NamespaceAnswer, Status, judge
from mldebt.check.item import LETTERS, Option, QuizError, read_items, shown
from mldebt.check.quiz import InQuiz, graded, in_quiz, mark
from mldebt.lab import quiz
from mldebt.lab.feedback import CourseError
from mldebt.lab.quiz import WIDGET_VIEW, QuizWidget

SOURCE = """
- id: one
  kind: choice
  level: easy
  ask: Which?
  options:
    - {right: the right one, why: yes it is}
    - {wrong: the second, confuses: second, why: no because of x}
    - {wrong: the third, confuses: third, why: no because of y}
    - {wrong: the fourth, confuses: fourth, why: no because of z}
  steps: [first step, second step]
  remember: the aid
- id: some
  kind: several
  level: medium
  ask: Which ones?
  options:
    - {right: good, why: yes}
    - {right: better, why: yes too}
    - {wrong: bad, confuses: bad, why: "no, bad"}
    - {wrong: worse, confuses: worse, why: "no, worse"}
  steps: [think]
  remember: both
- id: count
  kind: number
  level: hard
  ask: How many?
  tolerance: 0.5
  options:
    - {right: 42, why: counted}
    - {wrong: 41, confuses: off-by-one, why: one more}
    - {wrong: 42.4, confuses: never, why: within the tolerance}
  steps: [count them]
  remember: count
- id: gaps
  kind: blank
  level: medium
  ask: Fill in.
  code: "top = sorted(x, ___=True)[___]"
  gaps:
    - [{right: reverse, why: turns}, {wrong: key, confuses: key, why: not the key}]
    - [{right: ":2", why: cut}, {right: "0:2", why: cut}, {wrong: 2, confuses: index, why: a slice}]
  steps: [turn, cut]
  remember: turn and cut
"""
ITEMS = {item.id: item for item in read_items(yaml.safe_load(SOURCE))}


def letter(item, *texts, seed=0):
    """Return the letters under which options are shown."""
    return "".join(LETTERS[at] for at, option in enumerate(item.shuffled(seed)) if option.text in texts)


@pytest.mark.parametrize("seed", range(5))
def test_choice(seed):
    item = ITEMS["one"]
    assert mark(item, letter(item, "the right one", seed=seed), seed).right
    assert mark(item, letter(item, "the right one", seed=seed).lower() + " ", seed).right
    found = mark(item, letter(item, "the third", seed=seed), seed)
    assert (found.right, found.misconception, found.notes) == (False, "third", ("no because of y",))


@pytest.mark.parametrize("form", [str, list, tuple, set, ", ".join, " ".join, lambda x: x[::-1], str.lower])
def test_several(form):
    item = ITEMS["some"]
    assert mark(item, form(letter(item, "good", "better"))).right
    assert mark(item, form(letter(item, "good"))).misconception == "incomplete"
    assert mark(item, form(letter(item, "good", "bad"))).misconception == "bad"
    assert mark(item, form("ABCD")).misconception in ("bad", "worse")


@pytest.mark.parametrize("text", ["2400", "2,400", "2 400", "2400.0", " 2,400 "])
def test_thousands_are_read_as_people_write_them(text):
    item = replace(ITEMS["count"], options=(Option("2400", True, "Yes."), Option("2.4", False, "No.", "comma")))
    assert mark(item, text).right


@pytest.mark.parametrize(
    ("response", "misconception"),
    [
        (42, None),
        (42.3, None),
        (41.6, None),
        ("42", None),
        (" 42,0 ", None),
        (np.int64(42), None),
        (np.float32(42), None),
        (Fraction(42), None),
        (41, "off-by-one"),
        (42.45, None),
        (42.8, "never"),
        (7, "other"),
        (-42, "other"),
        (10**300, "other"),
        (10**400, "not-a-number"),
        (math.nan, "not-a-number"),
        ("nan", "not-a-number"),
        ("inf", "not-a-number"),
        (True, "not-a-number"),
        ("forty-two", "not-a-number"),
        ("1,000.5", "other"),
        ("42,0", None),
        ("0,042", "other"),
        ("4 2", "not-a-number"),
        ([42], "not-a-number"),
    ],
)
def test_number(response, misconception):
    found = mark(ITEMS["count"], response)
    assert found.misconception == misconception
    assert found.right is (misconception is None)


@pytest.mark.parametrize(
    ("response", "misconception"),
    [
        (["reverse", ":2"], None),
        (("reverse", "0:2"), None),
        ([" reverse ", " : 2"], None),
        (["key", ":2"], "key"),
        (["reverse", 2], "index"),
        (["reverse", "2"], "index"),
        (["key", "2"], "key"),
        (["reverse", ""], "other"),
        (["", ""], "other"),
        (["reverse", "("], "other"),
        (["reverse", "\0"], "other"),
        (["reverse", "-" * 100_000], "other"),
        (["reverse", "(" * 5_000], "other"),
        (["reverse"], "not-the-gaps"),
        (["reverse", ":2", "x"], "not-the-gaps"),
        ("reverse", "not-the-gaps"),
        ({"reverse": ":2"}, "not-the-gaps"),
        ([None, None], "not-the-gaps"),
        ([["reverse"], [":2"]], "not-the-gaps"),
    ],
)
def test_blank(response, misconception):
    found = mark(ITEMS["gaps"], response)
    assert found.misconception == misconception
    assert found.right is (misconception is None)
    assert all(len(note) < 200 for note in found.notes)


class Nasty:
    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]

    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


NASTY = [
    None, ..., True, False, 0, 1, -1, 3.5, math.nan, math.inf, 10**400, 1j, Decimal(3), b"A",
    "", " ", ",", ".", "?", "AA", "AAAA", "ABCDE", "ABCDEFGHIJ", "Z", "a b c d e", "\u00df", "\u0131", "A\0",
    "the right one", "A" * 100_000, "[]", "{}", "\ud800",
    [], (), {}, set(), [None], [[]], [{}], ["A", None], ["A", "A"], ["ab"], {"A": 1}, [True], [b"A"], [""], range(3),
    object(), object, len, lambda: 1, (x for x in "A"), iter("A"), np.array(["A"]), np.array([42]), np.array(3),
    np.array([]), np.str_("?"), Nasty(), [Nasty()], [Nasty(), Nasty()], ["reverse", Nasty()], KeyError("A"),
    memoryview(b"A"),
]  # fmt: skip


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
@pytest.mark.parametrize("at", range(len(NASTY)))
def test_no_response_is_an_exception_and_none_of_these_is_right(item, at):
    found = mark(item, NASTY[at])
    assert not found.right
    assert found.misconception
    assert found.notes
    assert all(note and "\n" not in note for note in found.notes)


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
@pytest.mark.parametrize("at", range(len(NASTY)))
def test_a_graded_question_knows_every_misconception_that_can_come(item, at):
    asked = graded(item, InQuiz(item.id, "answer"), "q1")
    outcome = judge(asked, NamespaceAnswer({"answer": NASTY[at]}, [Cell("answer = 1")]))
    assert outcome.status in (Status.WRONG, Status.NOT_ATTEMPTED)
    assert outcome.message


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_a_graded_question_has_its_own_solution(item):
    asked = graded(item, in_quiz(item.id, makes="answer", points=2), "q1")
    namespace = {}
    exec(asked.solution, namespace)
    outcome = judge(asked, NamespaceAnswer(namespace, [Cell(asked.solution)]))
    assert (outcome.status, outcome.earned) == (Status.RIGHT, 2)
    assert item.remember in outcome.message
    assert asked.hints


# --- order and text


@pytest.mark.parametrize("id", ["one", "some"])
def test_the_order_of_options_is_stable_by_seed_and_differs_between_seeds(id):
    item = ITEMS[id]
    orders = [tuple(option.text for option in item.shuffled(seed)) for seed in range(12)]
    assert orders == [tuple(option.text for option in item.shuffled(seed)) for seed in range(12)]
    assert len(set(orders)) > 3
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def test_two_questions_are_shuffled_each_in_its_own_way():
    data = yaml.safe_load(SOURCE)[0]
    items = read_items([data | {"id": f"q{number}"} for number in range(12)])
    assert len({tuple(option.text for option in item.shuffled()) for item in items}) > 3


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_the_text_of_a_question_tells_no_answer(item):
    text = shown(item)
    assert item.ask in text
    for option in [*item.options, *sum(item.gaps, ())]:
        assert option.why not in text
    if item.kind == "number":
        assert "42" not in text
    assert all(step not in text for step in item.steps)
    assert item.remember not in text


# --- reading


def change(**fields):
    """Return a change of an entry; a field that is `...` is taken out."""

    def make(entry):
        entry.update(fields)
        for key in [key for key, value in entry.items() if value is ...]:
            del entry[key]

    return make


def option(**fields):
    return lambda entry: change(**fields)(entry["options"][1])


MALFORMED = {
    "no id": ("one", change(id=...), "question 1 has no id"),
    "an id that is no text": ("one", change(id=7), "question 1 has no id"),
    "unknown field": ("one", change(hint="x"), "unknown field 'hint'"),
    "unknown field that is no text": ("one", change(**{"options": []}) and (lambda entry: entry.update({3: 4})), "'3'"),
    "unknown kind": ("one", change(kind="essay"), "no known kind: 'essay'"),
    "kind is a list": ("one", change(kind=["choice"]), "no known kind"),
    "no level": ("one", change(level=...), "needs a level"),
    "unknown level": ("one", change(level="extreme"), "needs a level"),
    "level is a list": ("one", change(level=["easy"]), "needs a level"),
    "no ask": ("one", change(ask=""), "lacks 'ask'"),
    "no steps": ("one", change(steps=[]), "lacks 'steps'"),
    "steps is a text": ("one", change(steps="one step"), "lists"),
    "steps is a number": ("one", change(steps=3), "lists"),
    "no remember": ("one", change(remember=...), "lacks 'remember'"),
    "options is a text": ("one", change(options="A"), "lists"),
    "options is a mapping": ("one", change(options={"right": "x"}), "lists"),
    "options is nothing": ("one", change(options=None), "lists"),
    "an option is a text": ("one", change(options=["A"]), "neither 'right' nor 'wrong'"),
    "an option both right and wrong": ("one", option(right="x"), "neither 'right' nor 'wrong'"),
    "an option neither": ("one", option(wrong=...), "neither 'right' nor 'wrong'"),
    "an option without why": ("one", option(why=""), "without 'why'"),
    "a wrong option without misconception": ("one", option(confuses=...), "names no misconception"),
    "an option that YAML read as a bool": ("one", option(wrong=False), "in quotes"),
    "an empty option": ("one", option(wrong=""), "in quotes"),
    "an option of nothing": ("one", option(wrong=None), "in quotes"),
    "no right option": ("one", lambda entry: entry["options"].pop(0), "exactly one right option"),
    "two right options": ("one", option(right="x", wrong=...), "exactly one right option"),
    "no wrong option": ("one", lambda entry: change(options=entry["options"][:1])(entry), "needs a wrong option"),
    "the same option twice": ("one", option(wrong="the third"), "same option twice"),
    "too many options": (
        "one",
        lambda entry: entry["options"].extend({"wrong": f"{n}", "confuses": "n", "why": "n"} for n in range(9)),
        "more than 8 options",
    ),
    "one of several": ("some", lambda entry: entry["options"].pop(0), "two or more right options"),
    "all of several": ("some", lambda entry: change(options=entry["options"][:2])(entry), "a wrong one"),
    "a number that is none": ("count", option(wrong="many"), "its option 'many' is none"),
    "a number that is not finite": ("count", option(wrong=".nan"), "is none"),
    "a number without the right value": ("count", lambda entry: entry["options"].pop(0), "exactly one right"),
    "a tolerance that is no number": ("count", change(tolerance="wide"), "tolerance"),
    "a negative tolerance": ("count", change(tolerance=-1), "tolerance"),
    "a tolerance without end": ("count", change(tolerance=math.inf), "tolerance"),
    "no gaps": ("gaps", change(gaps=[]), "as many gaps"),
    "no code": ("gaps", change(code=...), "as many gaps"),
    "code is a number": ("gaps", change(code=3), "as many gaps"),
    "a gap too few": ("gaps", lambda entry: entry["gaps"].pop(), "as many gaps"),
    "a gap that is no list": ("gaps", change(gaps=[3, 4]), "lists"),
    "gaps is a text": ("gaps", change(gaps="ab"), "lists"),
    "a gap without a right filling": ("gaps", lambda entry: entry["gaps"][0].pop(0), "without a right filling"),
}


@pytest.mark.parametrize(("id", "broken", "said"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_question_is_refused_by_name(id, broken, said):
    entry = copy.deepcopy(next(entry for entry in yaml.safe_load(SOURCE) if entry["id"] == id))
    broken(entry)
    with pytest.raises(QuizError) as info:
        read_items([entry])
    assert said in str(info.value)
    assert "question 1" in str(info.value) or repr(id) in str(info.value)


@pytest.mark.parametrize("data", [None, {}, "text", 3, {"id": "one"}])
def test_a_group_is_a_list(data):
    with pytest.raises(QuizError, match="list of questions"):
        read_items(data)


@pytest.mark.parametrize("entry", [None, 3, "text", [], {}])
def test_a_question_is_a_mapping(entry):
    with pytest.raises(QuizError, match="question 1 has no id"):
        read_items([entry])


def test_the_same_question_twice():
    with pytest.raises(QuizError, match="'one' is there twice"):
        read_items(yaml.safe_load(SOURCE)[:1] * 2)


# --- in a notebook


def press(widget, *response):
    widget.response = list(response)
    widget.tries += 1


@pytest.mark.parametrize(("id", "slips"), [("count", [["three"], ["42 s"]]), ("gaps", [["x", ""], ["", " "]])])
def test_a_slip_of_form_is_told_and_counts_as_no_try(id, slips):
    told = []
    widget = QuizWidget(ITEMS[id], 1, answered=lambda item, right: told.append(right))
    for slip in slips:
        press(widget, *slip)
        assert widget.feedback
        assert "Try" not in widget.feedback
    assert told == []
    press(widget, *(["7"] if id == "count" else ["x", "y"]))
    assert "Try 1." in widget.feedback
    assert told == [False]


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
def test_the_widget_holds_no_answer_before_it_is_given(item):
    state = {key: value for key, value in QuizWidget(item, 1).get_state().items() if key not in ("_esm", "_css")}
    told = str([state["ask"], state["code"], state["options"], state["feedback"], state["response"], state["verdict"]])
    for secret in [option.why for option in [*item.options, *sum(item.gaps, ())]] + [*item.steps, item.remember]:
        assert secret not in told
    if item.kind in ("number", "blank"):
        assert state["options"] == []


def test_a_right_and_a_wrong_answer_on_the_screen():
    told = []
    widget = QuizWidget(ITEMS["one"], 1, seed=3, answered=lambda item, right: told.append((item.id, right)))
    press(widget)
    assert (widget.verdict, told) == ("", [])
    assert "first" in widget.feedback
    press(widget, letter(ITEMS["one"], "the second", seed=3))
    assert widget.verdict == "wrong"
    assert "no because of x" in widget.feedback
    assert "first step" not in widget.feedback
    press(widget, letter(ITEMS["one"], "the right one", seed=3))
    assert widget.verdict == "right"
    assert "first step" in widget.feedback
    assert "the aid" in widget.feedback
    assert told == [("one", False)]


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS)
@pytest.mark.parametrize(
    "response", [[""], ["", ""], [" "], ["<script>alert(1)</script>", "<b>"], ["Z"] * 9, ["A", "?"]]
)
def test_no_response_from_a_browser_is_an_exception_and_all_text_is_escaped(item, response):
    widget = QuizWidget(item, 1)
    press(widget, *response)
    assert widget.feedback
    assert widget.verdict in ("", "wrong")
    assert "<script" not in widget.feedback
    assert "<b>" not in widget.feedback


def test_markup_in_a_question_is_escaped():
    data = yaml.safe_load(SOURCE)[0]
    data["ask"] = "Is `a < b` <img src=x>?"
    data["options"][0]["right"] = "<script>x</script>"
    widget = QuizWidget(read_items([data])[0], 1)
    assert "<code>a &lt; b</code>" in widget.ask
    assert "<img" not in widget.ask
    assert "<script" not in str(widget.options)


def test_a_quiz_of_a_unit_is_text_and_a_widget():
    made = quiz("03-keep-the-best")
    bundle = made._repr_mimebundle_()
    assert set(bundle) == {"text/plain", WIDGET_VIEW}
    assert bundle["text/plain"] == repr(made)
    assert all(item.ask in repr(made) for item in made.items)
    assert repr(quiz("03-keep-the-best")) == repr(made)
    assert repr(quiz("03-keep-the-best", seed=1)) != repr(made)


@pytest.mark.parametrize("name", units.names())
def test_every_group_of_every_unit_can_be_shown_and_answered(name):
    for group, items in units.load(name).quizzes.items():
        made = quiz(name, group)
        for widget, item in zip(made._widgets(), items, strict=False):
            namespace = {}
            exec(graded(item, InQuiz(item.id, "answer"), "q1").solution, namespace)
            answer = namespace["answer"]
            press(widget, *(answer if item.kind in ("several", "blank") else [str(answer)]))
            assert widget.verdict == "right", item.id
        assert f"right at the first try: {len(items)}" in made.score()


def test_a_finished_quiz_says_which_lessons_to_take_and_which_to_skip():
    data = [
        entry | {"lesson": lesson} for entry, lesson in zip(yaml.safe_load(SOURCE), ["a", "b", "b", "c"], strict=True)
    ]
    made = quiz("03-keep-the-best")
    made.items = read_items(data)
    widgets = made._widgets()
    answers = [["?"], [*letter(ITEMS["some"], "good", "better")], ["1"], ["reverse", ":2"]]
    for widget, answer in zip(widgets, answers, strict=False):
        assert "Take:" not in made.score()
        press(widget, *answer)
    text = made.score()
    assert "right at the first try: 2" in text
    assert "<strong>Take:</strong> a, b." in text
    assert "<strong>You may skip:</strong> c." in text
    assert "easy 0 of 1, medium 2 of 2, hard 0 of 1" in text


@pytest.mark.parametrize(
    ("name", "group", "said"),
    [
        ("03-keep-the-best", "exam", "has no quiz 'exam'; it has"),
        ("03-keep-the-bets", "lesson", "Did you mean '03-keep-the-best'?"),
        (3, "lesson", "There is no unit 3"),
        ([], "lesson", "There is no unit []"),
        (None, "lesson", "There is no unit None"),
        ("03-keep-the-best", [], "has no quiz []"),
    ],
)
def test_an_unknown_quiz_is_one_sentence(name, group, said):
    with pytest.raises(CourseError) as info:
        quiz(name, group)
    assert said in str(info.value)
    assert "\n" not in str(info.value)
    assert info.value._render_traceback_() == [str(info.value)]

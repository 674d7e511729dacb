"""Each learner's variant of an exercise is as hard as the public one, and answers to another one are found."""

import pytest

from mldebt import units, variant
from mldebt.build.attempts import answered, read_attempts
from mldebt.build.source import answer_cell, compose
from mldebt.build.verify import verify
from mldebt.check import Status, judge
from mldebt.variant import ANOTHER, PUBLIC

IDS = [variant.new_id("a seed", learner) for learner in ("anna", "bea")]
QUESTIONS = [(name, id) for name in units.names() for id in units.load(name).questions]


@pytest.fixture(scope="module", params=IDS)
def id(request):
    return request.param


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return what gives a variant of a unit in a folder that lasts: its exercise and its bank of attempts."""
    places = {}

    def give(name, id):
        if id not in places:
            places[id] = tmp_path_factory.mktemp(id)
            for each in units.names():
                variant.write(each, id, places[id])
        return units.load(name, places[id])

    return give


def test_every_unit_has_variants():
    assert [name for name in units.names() if not variant.varies(name)] == []


@pytest.mark.parametrize("name", units.names())
def test_a_variant_is_a_unit_by_all_rules(name, id, written):
    verify(written(name, id))
    compose(written(name, id), "exercise")


@pytest.mark.parametrize("name", units.names())
def test_all_attempts_have_the_outcomes_that_they_have_in_the_public_variant(name, written):
    id = IDS[0]
    unit = variant.load(name, id)
    for public, own in zip(read_attempts(units.load(name)), read_attempts(written(name, id)), strict=True):
        assert (public.question, public.status, public.misconception) == (own.question, own.status, own.misconception)
        outcome = judge(unit.questions[own.question], answered(written(name, id), own.question, own.code), 1)
        expected = own.misconception
        if expected == "not-a-letter" and outcome.misconception == ANOTHER:  # E is a letter of nobody, or of others
            expected = ANOTHER
        assert (outcome.status, outcome.misconception) == (own.status, expected), (own.name, own.code)


@pytest.mark.parametrize("name", units.names())
def test_the_stub_of_a_variant_is_not_attempted_and_its_solution_is_right(name, id, written):
    unit, folder = variant.load(name, id), written(name, id)
    for question in unit.questions:
        assert judge(unit.questions[question], answered(folder, question, answer_cell(folder, question, solved=False))
                     ).status is Status.NOT_ATTEMPTED  # fmt: skip
        outcome = judge(
            unit.questions[question], answered(folder, question, answer_cell(folder, question, solved=True))
        )
        assert outcome.status is Status.RIGHT, outcome.message


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_a_copied_answer_earns_nothing_and_is_named(name, question, id, written):
    unit = variant.load(name, id)
    for source in (PUBLIC, *IDS):
        if source == id:
            continue
        other = units.load(name) if source == PUBLIC else written(name, source)
        copied = answer_cell(other, question, solved=True)
        if copied == answer_cell(written(name, id), question, solved=True):
            continue  # two learners of a class may have drawn the same words
        outcome = judge(unit.questions[question], answered(written(name, id), question, copied))
        assert (outcome.status, outcome.earned) == (Status.WRONG, 0), (copied, outcome.message)
        item = unit.questions[question].item
        if item is None or copied[-2] not in item.letters:  # else it is the letter of a wrong option of one's own
            assert outcome.misconception == ANOTHER, (copied, outcome.message)


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_the_public_solution_is_no_variant_s(name, question, written):
    public = answer_cell(units.load(name), question, solved=True)
    assert public not in [answer_cell(written(name, id), question, solved=True) for id in IDS]


def test_an_id_tells_nothing_and_is_always_the_same():
    assert len({variant.new_id(seed, learner) for seed in "ab" for learner in "cd"}) == 4
    assert variant.new_id("a", "b") == variant.new_id("a", "b")
    assert all(variant.is_id(id) for id in IDS)
    assert not any(variant.is_id(text) for text in ("", "../x", "0" * 15, "G" * 16, None, 3))


def test_words_are_replaced_where_they_stand_by_themselves():
    given = {"max": "most", "0.9": "0.8", "v1.0": "v2.0", "(3)": "(4)", "max = 3": "most = 5"}
    text = 'max max_2 "v1.0" v1.0.1 0.9 0.95 10.9 int(3) max = 3 max = 31'
    assert variant.rewrite(text, given) == 'most max_2 "v2.0" v1.0.1 0.8 0.95 10.9 int(4) most = 5 most = 31'


def test_units_without_words_still_vary_their_options():
    item = units.load("03-keep-the-best").questions["q2"].item
    assert len({variant.letters(id, item) for id in IDS}) == len(IDS)
    assert not set("".join(variant.letters(id, item) for id in IDS)) & set("ABCDEFGH")

"""A value that no check asked for is told to be one: whatever a learner's name holds, a check has words for it."""

import pytest

from mldebt import units
from mldebt.build.attempts import answered
from mldebt.build.source import answer_cell
from mldebt.check import Status, judge

ODD = (
    "None",
    "'x'",
    "-1.5",
    "float('nan')",
    "10**400",
    "True",
    "[]",
    "[None, 'x', [1]]",
    "{1, 'x'}",
    "{'a': '1'}",
    "{1: None, 'a': [2]}",
    "b'x'",
    "__import__('numpy').array([1.5, 2.5, float('nan')])",
    "__import__('numpy').float64('nan')",
    "__import__('pandas').Series([1, None, 'x'])",
    "__import__('pandas').DataFrame({'a': [1, None], 'b': ['x', 'y']})",
    "__import__('pandas').NaT",
    "(i for i in range(3))",
    "type('Thing', (), {'__repr__': lambda self: 'thing'})()",
    "type('Thing', (), {})",
    "(lambda *args: args)",
)
NAMES = [
    (unit, question.id, name)
    for unit in units.names()
    for question in units.load(unit).questions.values()
    for name in question.makes
]


@pytest.mark.parametrize(("unit", "question", "name"), NAMES)
def test_odd_value_and_odd_result_are_wrong_in_the_words_of_the_question(unit, question, name):
    loaded = units.load(unit)
    asked = loaded.questions[question]
    solution = answer_cell(loaded, question, solved=True)
    function = callable(answered(loaded, question, solution).value(name))
    said = {}
    for value in ODD:
        forms = [f"{name} = {value}"] + ([f"def {name}(*args, **kwargs):\n    return {value}"] if function else [])
        for form in forms:
            outcome = judge(asked, answered(loaded, question, f"{solution}\n{form}\n"), 0)
            assert outcome.status is not Status.RIGHT, form
            if "could not be judged" in outcome.message:
                said[form] = outcome.message
    assert not said, "\n".join(f"{form} -> {message}" for form, message in said.items())

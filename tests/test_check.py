"""The check engine: what it sees of the learner's work, what it says of it, and that it changes nothing."""

import ast
import copy
import functools
import linecache
import math
import subprocess
import sys
import time
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from mldebt.check import (
    BrokeError,
    Cell,
    NamespaceAnswer,
    NotAttemptedError,
    Status,
    is_integer,
    is_number,
    judge,
    question,
    reaches,
    right,
    same,
    shown,
    wrong,
)
from mldebt.check.limit import TimeLimitError, time_limit
from mldebt.check.outcome import TimedOutError
from mldebt.check.running import describe
from mldebt.check.source import names
from mldebt.wire.opaque import opaque_class


def run(*sources, own=None):
    """Run cells one after another as a kernel does, past those that fail, and return the answer they make."""
    namespace = {"__name__": "__main__"}
    cells = []
    for number, source in enumerate(sources):
        file = f"<ipython-input-{number}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            exec(compile(source, file, "exec"), namespace)
            cells.append(Cell(source))
        except Exception as error:
            cells.append(Cell(source, describe(error), "line 1"))
    answer = NamespaceAnswer(namespace, cells, own)
    answer.namespace = namespace
    return answer


def asked(check, **more):
    """Make a question of a check."""
    return question("?", hints=("look",), misconceptions={"other": "No."}, **more)(check)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("mldebt.check.running.SECONDS", 0.3)


# --- comparing


def brief(value):
    return " ".join(repr(value).split())[:30]


@pytest.mark.parametrize(
    ("left", "right_"),
    [
        (0.1 + 0.2, 0.3),
        (1e12, 1e12 + 1e-3),
        (3, 3.0),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (Fraction(1, 2), 0.5),
        (math.nan, math.nan),
        (np.float64("nan"), math.nan),
        ([1, math.nan], [1, math.nan]),
        ({"a": 0.1 + 0.2, "b": [1]}, {"b": [1], "a": 0.3}),
        ((1, 2), [1, 2]),
        (np.array([1.0, math.nan]), np.array([1.0, math.nan])),
        (np.array([0.1 + 0.2]), np.array([0.3])),
        (np.True_, True),
        (np.str_("v1"), "v1"),
        (pd.NA, pd.NA),
        (pd.NaT, pd.NaT),
        (pd.Series([0.1 + 0.2], index=["a"]), pd.Series([0.3], index=["a"])),
        (pd.DataFrame({"a": [0.1 + 0.2, math.nan]}), pd.DataFrame({"a": [0.3, math.nan]})),
        (10**400, 10**400),
        (None, None),
        ({1, 2}, {2, 1}),
        (range(3), [0, 1, 2]),
    ],
    ids=brief,
)
def test_same(left, right_):
    assert same(left, right_)
    assert same(right_, left)


@pytest.mark.parametrize(
    ("left", "right_"),
    [
        (0.3, 0.3001),
        (3, "3"),
        (True, 1),
        (1, True),
        (math.nan, 0.0),
        (10**400, 1),
        (10**400, 1.5),
        (10**400, math.inf),
        ([1, 2], [2, 1]),
        ([1, 2], {1, 2}),
        ("ab", ["a", "b"]),
        ({"a": 1}, {"a": 1, "b": 2}),
        (np.array([1, 2]), np.array([[1, 2]])),
        (np.array([1, 2]), [1, 2]),
        (pd.Series([1], index=["a"]), pd.Series([1], index=["b"])),
        (pd.Series([1]), pd.Series([1.0])),
        (pd.Series([1.0]), pd.Series([1.1])),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})),
        (None, 0),
        (math.inf, -math.inf),
    ],
    ids=brief,
)
def test_not_the_same(left, right_):
    assert not same(left, right_)
    assert not same(right_, left)


@pytest.mark.parametrize("value", [3, np.int64(3), np.int8(3), np.uint16(3)])
def test_integers(value):
    assert is_integer(value)
    assert is_number(value)


@pytest.mark.parametrize("value", [True, False, np.True_, 3.0, np.float64(3), "3", None, 3j, [3]])
def test_not_integers(value):
    assert not is_integer(value)


class Liar:
    """Says that it is an int and that it equals everything."""

    __class__ = property(lambda self: int)  # type: ignore[assignment]

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 3


class Fake:
    __class__ = property(lambda self: dict)  # type: ignore[assignment]


class Spiteful:
    def __eq__(self, other):
        raise SystemExit("no comparing")

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("value", [Liar(), [Liar()], {"a": Liar()}], ids=["itself", "in a list", "in a dict"])
def test_a_lying_object_is_not_the_number_it_claims_to_be(value):
    assert not is_integer(Liar())
    assert not same(value, copy.deepcopy(value).__class__ and (3 if isinstance(value, Liar) else [3]))


@pytest.mark.parametrize("made", [Liar, Fake, Spiteful, lambda: [Spiteful()], lambda: {"a": Fake()}])
def test_a_hostile_value_is_never_right_and_never_an_exception(made):
    answer = NamespaceAnswer({"x": made()}, [Cell("x = made()")])
    expected = made() if not isinstance(made(), Liar | Spiteful) else 3

    @functools.partial(asked, points=2)
    def q1(answer, draw):
        got = answer.value("x")
        return right() if same(got, 3) or (is_integer(got) and got == 3) else wrong("other")

    outcome = judge(q1, answer)
    assert outcome.status in (Status.WRONG, Status.BROKE), expected
    assert outcome.message


def test_a_value_that_breaks_the_check_is_told_in_one_sentence():
    """A check that did not expect such a value must not show the learner a traceback."""

    @asked
    def q1(answer, draw):
        return right() if answer.value("x") == 3 else wrong("other")

    outcome = judge(q1, run("import numpy as np\nx = np.array([3, 3])"))
    assert outcome.status is Status.BROKE
    assert "\n" not in outcome.message


def test_a_value_that_holds_itself_is_told_in_one_sentence():
    @asked
    def q1(answer, draw):
        got = answer.value("x")
        return right() if same(got, copy.deepcopy(got)) else wrong("other")

    assert judge(q1, run("x = []\nx.append(x)")).status is not Status.RIGHT


# --- values


def test_value_is_a_copy():
    answer = run("x = {'a': [1]}")
    answer.value("x")["a"].append(2)
    assert answer.namespace["x"] == {"a": [1]}


def test_what_cannot_be_copied_whole_is_copied_in_parts():
    answer = run("import math\nx = {'lock': (n for n in [1]), 'scores': [1], 'module': math}")
    got = answer.value("x")
    got["scores"].append(2)
    del got["module"]
    assert answer.namespace["x"]["scores"] == [1]
    assert "module" in answer.namespace["x"]


@pytest.mark.parametrize(
    "source",
    [
        "class Odd:\n    def __deepcopy__(self, memo):\n        raise RuntimeError('no copies')\nx = Odd()",
        "x = (n for n in range(3))",
        "x = lambda v: v",
        "class x:\n    pass",
        "x = open",
        "import math as x",
    ],
)
def test_what_cannot_be_copied_is_still_seen(source):
    assert run(source).value("x") is not None


@pytest.mark.parametrize("source", ["", "x = ...", "x = 1\ndel x", "def x(a):\n    'Say what.'\n    ..."])
def test_not_attempted(source):
    with pytest.raises(NotAttemptedError):
        run(source).value("x")


def test_an_error_in_the_cell_that_makes_a_name():
    with pytest.raises(BrokeError, match="ZeroDivisionError") as info:
        run("x = 1 / 0").value("x")
    assert info.value.line == "line 1"


@pytest.mark.parametrize("later", ["x = 1 / 0", "x = (", "x: int = )", "def x(:\n    pass"])
def test_the_latest_run_decides_when_it_ends_with_an_error(later):
    with pytest.raises(BrokeError):
        run("x = 1", later).value("x")


@pytest.mark.parametrize("later", ["print(x", "y = x +", "y = 1 / 0", "if x == 3:", "print(x) 1"])
def test_an_error_in_a_cell_that_only_uses_a_name_does_not_count(later):
    assert run("x = 1", later).value("x") == 1


def test_an_error_that_was_repaired_does_not_count():
    assert run("x = 1 / 0", "x = (", "x = 1").value("x") == 1


def test_a_cell_that_uses_a_name_too_early_does_not_count_as_its_cell():
    with pytest.raises(NotAttemptedError):
        run("print(x)").value("x")


def test_a_name_set_through_globals_is_seen():
    assert run("globals()['x'] = 5").value("x") == 5


def test_unicode_names():
    answer = run("größe = 3", "ergebnis = größe * 2")
    assert answer.value("größe") == 3
    assert answer.given(größe=5).value("ergebnis") == 10


# --- calls


FRESH = """
from mldebt.check import Cell, NamespaceAnswer

source = "import numpy as np\\ndef found(n): return bool((np.arange(n) > 0).any())"
space = {"__name__": "__main__"}
exec(source, space)
print(NamespaceAnswer(space, [Cell(source)]).call("found", 3).value)
"""


def test_a_function_can_call_what_imports_in_c():
    # Many methods of NumPy's arrays import at their first call: in a process of its own, this is the first.
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr


def test_call_returns_value_and_what_was_printed():
    call = run("def f(a, b=2):\n    print('hello')\n    return a + b").call("f", 1, b=3)
    assert (call.value, call.printed, call.changed) == (4, "hello\n", ())


@pytest.mark.parametrize(
    ("body", "argument"),
    [
        ("d['a'] = 2", {"a": 1}),
        ("d.append(1)", []),
        ("d[0][0] = 5", [[1]]),
        ("d['x'] = 0.0", pd.DataFrame({"x": [1.0, 2.0]})),
        ("d.iloc[0, 0] = 9.0", pd.DataFrame({"x": [1.0, 2.0]})),
        ("d.columns = ['y']", pd.DataFrame({"x": [1.0, 2.0]})),
        ("d[:] = 7", np.array([1.0, 2.0])),
        ("d.sort()", np.array([2.0, 1.0])),
        ("d.add(3)", {1, 2}),
        ("d['model']['v'] = 3", {"model": {"v": 2}}),
    ],
)
def test_a_changed_input_is_noticed_and_the_original_kept(body, argument):
    before = copy.deepcopy(argument)
    answer = run(f"def f(d):\n    {body}")
    assert answer.call("f", argument).changed == ("1",)
    assert answer.call("f", d=argument).changed == ("d",)
    assert same(argument, before)


class Model:
    """A plain object, which Python compares by its identity."""

    def __init__(self):
        self.weights = [1.0]


@pytest.mark.parametrize(
    ("body", "changed"), [("return model.weights[0]", ()), ("model.weights[0] = 2", ("1",)), ("model.new = 1", ("1",))]
)
def test_a_changed_object_is_noticed_and_an_unchanged_one_is_not(body, changed):
    assert run(f"def f(model):\n    {body}").call("f", Model()).changed == changed


@pytest.mark.parametrize(
    "argument", [[math.nan], {"a": math.nan}, pd.DataFrame({"a": [math.nan, None]}), [pd.NA], [pd.NaT]]
)
def test_missing_values_do_not_look_like_a_change(argument):
    assert run("def f(d):\n    return len(d)").call("f", argument).changed == ()


@pytest.mark.parametrize(
    "cells",
    [
        ["log = []\ndef f(x):\n    log.append(x)\n    return x"],
        ["calls = 0\ndef f(x):\n    global calls\n    calls += 1\n    return calls"],
        ["table = {'a': {}}", "def note(x):\n    table['a'][x] = 1", "def f(x):\n    note(x)\n    return x"],
        ["def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)"],
        ["import pandas as pd\nframe = pd.DataFrame({'x': [1]})\ndef f(x):\n    frame['y'] = x\n    return x"],
        ["import numpy as np\nweights = np.zeros(2)\ndef f(x):\n    weights[:] = x\n    return x"],
        ["class Registry:\n    pass\nreg = Registry()\nreg.all = []\ndef f(x):\n    reg.all.append(x)"],
    ],
)
def test_a_call_leaves_what_the_function_changes_outside_as_it_was(cells):
    answer = run(*cells)
    before = copy.deepcopy(
        {k: v for k, v in answer.namespace.items() if isinstance(v, list | int | dict | pd.DataFrame)}
    )
    before.pop("__builtins__", None)
    defaults = copy.deepcopy(answer.namespace["f"].__defaults__)
    answer.call("f", 3)
    assert all(same(answer.namespace[name], value) for name, value in before.items())
    assert answer.namespace["f"].__defaults__ == defaults
    if "reg" in answer.namespace:
        assert answer.namespace["reg"].all == []
    if "weights" in answer.namespace:
        assert not answer.namespace["weights"].any()


def test_what_a_function_remembers_lasts_for_one_call_or_one_expression():
    answer = run("cache = {}\ndef f(x):\n    cache[x] = cache.get(x, 0) + 1\n    return cache[x]")
    assert [answer.call("f", "a").value for _ in range(3)] == [1, 1, 1]
    assert answer.evaluate("[f('a'), f('a'), cache]") == [1, 2, {"a": 2}]
    assert answer.namespace["cache"] == {}


def test_recursion_and_mutual_helpers_work():
    answer = run(
        "def even(n):\n    return n == 0 or odd(n - 1)",
        "def odd(n):\n    return n != 0 and even(n - 1)",
        "def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)",
    )
    assert answer.call("even", 10).value is True
    assert answer.call("fact", 5).value == 120


def test_closures_keyword_only_defaults_and_lambdas_can_be_called():
    answer = run(
        "def make(k):\n    return lambda x: x * k\ntriple = make(3)\ndef f(x, *, by=2):\n    return triple(x) * by",
        "square = lambda x: x * x",
        "class Add:\n    def __init__(self, x):\n        self.x = x",
        "def plus(self, y):\n    return self.x + y\nAdd.__call__ = plus",
        "add = Add(1)",
    )
    assert answer.call("f", 2).value == 12
    assert answer.call("square", 3).value == 9
    assert answer.call("add", 2).value == 3
    assert answer.call("Add", 2).value.x == 2


def test_code_that_was_stopped_is_not_said_to_be_at_fault():
    answer = run("def f(x):\n    raise KeyboardInterrupt")
    with pytest.raises(TimedOutError, match=r"`f\(1\)` was stopped before it came to an end") as info:
        answer.call("f", 1)
    assert info.value.line == "line 2: raise KeyboardInterrupt"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return x['v9']", "KeyError: 'v9'"),
        ("return f(x)", "RecursionError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("exit()", "stopped"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise BaseException('odd')", "BaseException: odd"),
        ("class Mute(Exception):\n        def __str__(self):\n            raise ValueError\n    raise Mute", "Mute"),
        ("raise ValueError('two\\nlines')", "ValueError: two lines"),
        ("raise ValueError('x' * 5000)", "ValueError"),
        ("return input('?')", "input"),
    ],
)
def test_whatever_the_learner_raises_is_one_sentence_with_its_line(body, said):
    answer = run(f"y = 1\ndef f(x):\n    {body}")
    with pytest.raises(BrokeError, match=said) as info:
        answer.call("f", {})
    message = str(info.value)
    assert "\n" not in message
    assert len(message) < 400
    assert message.startswith("`f({})` stopped with ")
    last = body.splitlines()[-1].strip()
    if "exit" not in body and "input" not in body:
        assert info.value.line == f"line {2 + len(body.splitlines())}: {last}"


def test_the_line_is_that_of_the_helper_in_which_it_arose():
    answer = run("def deep(x):\n    y = 1\n    return x / 0", "def f(x):\n    return deep(x)")
    with pytest.raises(BrokeError) as info:
        answer.call("f", 1)
    assert info.value.line == "line 3: return x / 0"


def test_the_line_of_a_rerun_is_that_of_the_cell_in_which_it_arose():
    answer = run(
        "limit = 1",
        "def helper(n):\n    # a comment\n    return 10 / (n - limit + 1)",
        "result = helper(3)",
        "ex.check()\none\ntwo\nthree",
    )
    with pytest.raises(BrokeError) as info:
        answer.given(limit=4).value("result")
    assert info.value.line == "line 3: return 10 / (n - limit + 1)"
    answer = run("limit = 1", "def f(n):\n    '''Divide.'''\n    return n / limit", "a = 1\nb = 2\nc = 3")
    with pytest.raises(BrokeError) as info:
        answer.given(limit=0).call("f", 3)
    assert info.value.line == "line 3: return n / limit"


def test_a_message_stays_one_line_when_an_argument_has_many():
    with pytest.raises(BrokeError) as info:
        run("def f(x):\n    return 1 / 0").call("f", pd.DataFrame({"a": [1, 2, 3]}))
    assert "\n" not in str(info.value)


def test_what_is_not_a_function_is_named():
    with pytest.raises(BrokeError, match="`f` should be a function, and it is an int"):
        run("f = 3").call("f")


LOOPS = [
    "while True:\n        pass",
    "while True:\n        try:\n            x = 1\n        except Exception:\n            pass",
    "while True:\n        try:\n            x = 1\n        except:\n            pass",
    "while True:\n        try:\n            x = 1\n        finally:\n            x = 2",
    "for n in iter(int, 1):\n        pass",
]


@pytest.mark.parametrize("loop", LOOPS)
def test_an_endless_loop_in_a_function_is_stopped(loop, impatient):
    began = time.monotonic()
    with pytest.raises(BrokeError, match=r"was stopped after 0\.3 seconds: it may never end, or be too slow") as info:
        run(f"def f():\n    {loop}").call("f")
    assert info.value.line.startswith("line ")
    assert time.monotonic() - began < 10


def test_an_endless_loop_in_a_rerun_is_stopped(impatient):
    answer = run("limit = 3", "n = limit\nwhile n != 0:\n    n -= 1\nleft = n")
    with pytest.raises(BrokeError, match="stopped after") as info:
        answer.given(limit=-1).value("left")
    assert info.value.line.startswith("line ")


def test_an_endless_loop_in_an_expression_is_stopped(impatient):
    with pytest.raises(BrokeError, match="stopped after"):
        run("def f():\n    while True:\n        pass").evaluate("f()")


def test_no_late_request_to_stop_arrives_after_the_block():
    stopped = 0
    for turn in range(60):
        end = time.monotonic() + 0.006 + turn / 2_500  # some end just before they are stopped, some are stopped
        try:
            with time_limit(0.006):
                while time.monotonic() < end:
                    pass
        except TimeLimitError:
            stopped += 1
        sum(range(1000))
    time.sleep(0.1)
    assert 0 < stopped < 60


@pytest.mark.parametrize("code", ["x = 1", "while True:\n    pass"])
def test_a_debugger_works_after_a_time_limit(code):
    """CPython 3.11 hangs in a traced frame when a request to raise was ever taken back."""
    program = (
        "import sys\nfrom mldebt.check.limit import TimeLimitError, time_limit\n"
        f"try:\n    with time_limit(0.1):\n        exec({code!r})\nexcept TimeLimitError:\n    pass\n"
        "sys.settrace(lambda *about: None)\nexec('y = 1')\nsys.settrace(None)\nprint('done')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout == "done\n"


# --- expressions


def test_evaluate_uses_names_and_inputs_and_changes_neither():
    answer = run("models = [1]\ndef add(m):\n    m.append(2)\n    return len(m)")
    given = [1, 2, 3]
    assert answer.evaluate("add(models)") == 2
    assert answer.evaluate("add(more)", more=given) == 4
    assert answer.namespace["models"] == [1]
    assert given == [1, 2, 3]


def test_an_input_comes_before_a_broken_name_of_the_learner():
    answer = run("data = ...", "x = 1 / 0", "def f(v):\n    return v + 1")
    assert answer.evaluate("f(data)", data=1) == 2
    assert answer.evaluate("[f(x) for x in data]", data=[1, 2]) == [2, 3]


def test_a_missing_name_in_an_expression_is_not_attempted():
    with pytest.raises(NotAttemptedError, match="model"):
        run("x = 1").evaluate("model.predict([x])")


def test_an_object_that_cannot_be_copied_is_evaluated_where_it_is():
    uncopied = "class M:\n    def __deepcopy__(self, memo):\n        raise TypeError\n"
    assert (
        run(f"{uncopied}    def predict(self, x):\n        return x * 2\nmodel = M()").evaluate("model.predict(x)", x=4)
        == 8
    )


# --- given: the answer for other values

FOLLOWS = {
    "one cell": ["limit = 3", "kept = list(range(limit))"],
    "several cells": ["limit = 3", "half = limit", "double = half", "kept = list(range(double))"],
    "a helper in another cell": ["limit = 3", "def upto():\n    return list(range(limit))", "kept = upto()"],
    "a helper of a helper": [
        "limit = 3",
        "def inner():\n    return limit",
        "def upto():\n    return list(range(inner()))",
        "kept = upto()",
    ],
    "a class in another cell": [
        "limit = 3",
        "class Keeper:\n    def keep(self):\n        return list(range(limit))",
        "keeper = Keeper()",
        "kept = keeper.keep()",
    ],
    "a lambda": ["limit = 3", "upto = lambda: list(range(limit))", "kept = upto()"],
    "the cell also sets the given name": ["limit = 3", "limit = 3\nkept = list(range(limit))"],
    "the cell sets it with an annotation": ["limit: int = 3\nkept: list = list(range(limit))"],
    "a tuple sets it": ["limit, other = 3, 4\nkept = list(range(limit))"],
    "a tuple sets it, other first": ["limit = 3", "other, (limit, third) = 1, (3, 5)\nkept = list(range(limit))"],
    "it is set twice at once": ["limit = start = 3\nkept = list(range(limit))"],
    "it is set under an if": ["if True:\n    limit = 3\nkept = list(range(limit))"],
    "it is set in a try": ["try:\n    limit = 3\nfinally:\n    pass\nkept = list(range(limit))"],
    "a walrus sets it": ["kept = list(range(limit := 3))"],
    "a walrus on the way": ["limit = 3", "if (n := limit) >= 0:\n    kept = list(range(n))"],
    "made from itself in a cell of its own": ["limit = 2", "limit = limit + 1", "kept = list(range(limit - 1))"],
    "counted up in a cell of its own": ["limit = 2", "limit += 1", "kept = list(range(limit - 1))"],
    "a loop": ["limit = 3", "kept = []\nfor n in range(limit):\n    kept.append(n)"],
    "a loop whose list starts in another cell": [
        "limit = 3",
        "kept = []",
        "for n in range(limit):\n    kept.append(n)",
    ],
    "a dict filled in another cell": [
        "limit = 3",
        "all = {}",
        "for n in range(limit):\n    all[n] = n",
        "kept = list(all)",
    ],
    "a count that starts in another cell": [
        "limit = 3",
        "count = 0",
        "count = count + limit",
        "kept = list(range(count))",
    ],
    "cut in place": ["limit = 3", "kept = list(range(9))", "del kept[limit:]"],
    "cut by taking out": ["limit = 3", "kept = list(range(9))", "while len(kept) > limit:\n    last = kept.pop()"],
    "a while loop": ["limit = 3", "kept = []\nwhile len(kept) < limit:\n    kept += [len(kept)]"],
    "a tuple": ["limit = 3", "low, high = 0, limit\nkept = list(range(low, high))"],
    "with": [
        "limit = 3",
        "import contextlib\nwith contextlib.nullcontext(limit) as n:\n    kept = list(range(n))",
    ],
    "imports": [
        "import itertools as it\nfrom operator import index",
        "limit = 3",
        "kept = list(it.islice(it.count(), index(limit)))",
    ],
    "a comprehension with the name it makes": ["limit = 3", "kept = [kept for kept in range(limit)]"],
    "a function that sets a global": [
        "limit = 3",
        "def fill():\n    global kept\n    kept = list(range(limit))\nfill()",
    ],
    "match": ["limit = 3", "match limit:\n    case int(n):\n        kept = list(range(n))"],
    "run twice": ["limit = 3", "kept = list(range(limit))", "kept = list(range(limit))"],
    "a loop run twice": [
        "limit = 3",
        "kept = []",
        *["for n in range(limit):\n    kept += [n]\nkept = kept[:limit]"] * 2,
    ],
    "repaired after an error": [
        "limit = 3",
        "found = []\nfor n in range(limit):\n    name = n\n    found.append(nme)\nkept = found",
        "found = []\nfor n in range(limit):\n    name = n\n    found.append(name)\nkept = found",
    ],
    "helpers repaired after an error": [
        "limit = 3",
        "def a():\n    return b()\ndef b():\n    return range(limit)\nkept = list(a()[0:limit:0])",
        "def a():\n    return b()\ndef b():\n    return range(limit)\nkept = list(a())",
    ],
    "out of order": ["kept = list(range(limit))", "limit = 3", "kept = list(range(limit))"],
    "with the check in the same cell": ["limit = 3", "kept = list(range(limit))\nprint(kept)"],
    "an unrelated cell after it fails": ["limit = 3", "kept = list(range(limit))", "n = 1 / 0"],
    "print is no longer print": ["print = 3", "limit = 3", "kept = list(range(limit))"],
    "two names for one list": ["limit = 3", "a = b = []\nfor n in range(limit):\n    a.append(n)", "kept = list(b)"],
}


@pytest.mark.parametrize("cells", FOLLOWS.values(), ids=FOLLOWS)
def test_given_is_followed_through(cells):
    answer = run(*cells)
    before = {
        k: copy.deepcopy(v) for k, v in answer.namespace.items() if isinstance(v, list | int | dict) and k[0] != "_"
    }
    there = answer.given(limit=5)
    assert answer.value("kept") == list(range(len(answer.value("kept"))))
    assert there.value("kept") == list(range(5))
    assert there.given(limit=0).value("kept") == []
    assert answer.value("kept") == before["kept"], "a check changed the answer"
    assert {name: answer.namespace[name] for name in before} == before


STAYS = {
    "typed in": ["limit = 3", "kept = [0, 1, 2]"],
    "typed in beside the name": ["limit = 3", "limit\nkept = [0, 1, 2]"],
    "made before the name": ["kept = [0, 1, 2]", "limit = 3"],
    "a number instead of the name": ["limit = 3", "kept = list(range(3))"],
    "overwritten at the end": ["limit = 3", "kept = list(range(limit))", "kept = [0, 1, 2]"],
    "from an old value of another name": ["n = 3", "limit = 3", "kept = list(range(n))"],
}


@pytest.mark.parametrize("cells", STAYS.values(), ids=STAYS)
def test_what_is_hard_coded_stays(cells):
    assert run(*cells).given(limit=5).value("kept") == [0, 1, 2]


def test_given_versions_are_followed_through_a_sort_in_a_cell_of_its_own():
    answer = run(
        "versions = {'a': 1, 'b': 2}",
        "versions = dict(sorted(versions.items(), key=lambda item: -item[1]))",
        "best = next(iter(versions))",
    )
    assert answer.given(versions={"c": 1, "d": 5, "e": 3}).value("best") == "d"
    assert answer.given(versions={"c": 1, "d": 5}).value("versions") == {"d": 5, "c": 1}


def test_given_shows_that_a_cell_changes_its_input():
    answer = run("versions = {'a': 1, 'b': 2}", "while len(versions) > 1:\n    versions.popitem()\nleft = versions")
    assert len(answer.given(versions={"c": 1, "d": 5}).value("versions")) == 1


def test_given_itself_is_never_changed():
    mine = {"c": 1, "d": 5}
    answer = run("versions = {'a': 1}", "versions.clear()\nbest = versions")
    answer.given(versions=mine).value("best")
    assert mine == {"c": 1, "d": 5}


def test_a_name_set_through_globals_does_not_stop_the_check():
    answer = run("limit = 3", "globals()['kept'] = list(range(limit))")
    assert answer.given(limit=5).value("kept") in ([0, 1, 2], [0, 1, 2, 3, 4])


@pytest.mark.parametrize(
    "source",
    [
        "kept = input('how many? ')",
        "import sys\nkept = sys.exit(limit)",
        "def f():\n    return f()\nkept = f() if limit > 3 else 1",
    ],
)
def test_a_rerun_that_cannot_work_is_told_in_one_sentence(source):
    answer = NamespaceAnswer({"limit": 3, "kept": 1}, [Cell("limit = 3"), Cell(f"limit\n{source}")])
    with pytest.raises(BrokeError) as info:
        answer.given(limit=5).value("kept")
    assert str(info.value).startswith("Your cell, run with another `limit`, stopped with ")
    assert info.value.line.startswith("line ")


def test_a_thousand_runs_of_a_cell_are_no_trouble():
    source = "limit = 3\nkept = [0] * limit\nfor n in kept:\n    kept[n] = n\n"
    answer = run(*[f"{source}# {number}" for number in range(400)], *["count = limit"] * 400)
    began = time.monotonic()
    assert answer.given(limit=5).value("count") == 5
    assert time.monotonic() - began < 3


# --- what a cell prints, and its source


def test_printed_runs_the_questions_own_cell_again():
    answer = run("x = [1]", "print(x)\nx.append(2)", own=1)
    assert answer.printed() == "[1]\n"
    assert answer.printed() == "[1]\n"
    assert answer.namespace["x"] == [1, 2]
    assert answer.given(x=[5]).printed() == "[5]\n"


def test_printed_of_a_cell_that_makes_a_name():
    assert run("y = 2\nprint('made')", "z = 3").printed("y") == "made\n"


def test_only_the_questions_own_cell_counts_as_printed():
    answer = run("limit = 3", "n = limit\nprint('other cell')", "print(n)", own=2)
    assert answer.given(limit=4).printed() == "4\n"


@pytest.mark.parametrize("source", ["", "# q1: your answer\n", "# nothing yet"])
def test_an_empty_cell_is_not_attempted(source):
    with pytest.raises(NotAttemptedError):
        run(source, own=0).printed()
    with pytest.raises(NotAttemptedError):
        run("x = 1").printed()


@pytest.mark.parametrize("source", ["print(", "print(1 / 0)"])
def test_a_broken_cell_is_not_called_empty(source):
    with pytest.raises(BrokeError):
        run(source, own=0).printed()


def test_source_is_that_of_the_latest_cell():
    tree = run("x = 1", "x = {k: 2 for k in 'ab'}", own=0).source("x")
    assert reaches(tree, "x", ast.DictComp)


@pytest.mark.parametrize(
    "source",
    [
        "x = {k: k for k in y}",
        "best = {k: k for k in y}\nx = best",
        "def f():\n    return {k: k for k in y}\nx = f()",
        "x, z = {k: k for k in y}, 2",
        "x: dict = {k: k for k in y}",
        "print(x := {k: k for k in y})",
        "x = {}\nx |= {k: k for k in y}",
        "x = dict(sorted({k: k for k in y}.items()))",
    ],
)
def test_reaches(source):
    assert reaches(ast.parse(source), "x", ast.DictComp)


@pytest.mark.parametrize(
    "source", ["x = dict(y)", "z = {k: k for k in y}\nx = {}", "{k: k for k in y}\nx = 1", "x = x"]
)
def test_reaches_not(source):
    assert not reaches(ast.parse(source), "x", ast.DictComp)


@pytest.mark.parametrize(
    ("source", "binds", "needs"),
    [
        ("x = x + 1", {"x"}, {"x"}),
        ("x = [x for x in y]", {"x"}, {"y"}),
        ("x = [x for x in x]", {"x"}, {"x"}),
        ("f = lambda f: f + g", {"f"}, {"g"}),
        ("def f(a):\n    b = a\n    return b + c", {"f"}, {"c"}),
        ("class A:\n    b = c", {"A"}, {"c"}),
        ("a = 1\nb = a", {"a", "b"}, set()),
        ("for i in x:\n    y = i\nz = y", {"i", "y", "z"}, {"x"}),
        ("if a:\n    b = 1\nc = b", {"b", "c"}, {"a", "b"}),
        ("if a:\n    b = 1\nelse:\n    b = 2\nc = b", {"b", "c"}, {"a"}),
        ("with a as b:\n    c = b\nd = c", {"b", "c", "d"}, {"a"}),
        ("import a.b as c, d.e", {"c", "d"}, set()),
        ("try:\n    a = 1\nexcept E as e:\n    a = e", {"a", "e"}, {"E"}),
        ("d['k'] = v", set(), {"d", "v"}),
        ("total += v", {"total"}, {"total", "v"}),
        ("match a:\n    case [b, *c]:\n        d = b", {"b", "c", "d"}, {"a"}),
        ("def f():\n    return g()\ndef g():\n    return 1", {"f", "g"}, set()),
        ("while a < 3:\n    a = a + 1", {"a"}, {"a"}),
    ],
)
def test_names(source, binds, needs):
    found = names(ast.parse(source))
    assert found.binds == binds
    assert found.needs - {"range"} == needs


# --- questions and outcomes


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("x = 0.1 + 0.2", Status.RIGHT),
        ("import numpy as np\nx = np.float64(0.3)", Status.RIGHT),
        ("x = 0.31", Status.WRONG),
        ("x = '0.3'", Status.WRONG),
        ("x = ...", Status.NOT_ATTEMPTED),
        ("", Status.NOT_ATTEMPTED),
        ("x = 3 / 0", Status.BROKE),
        ("x = (", Status.BROKE),
    ],
)
def test_the_four_outcomes(cell, status):
    @asked
    def q1(answer, draw):
        return right() if same(answer.value("x"), 0.3) else wrong("other")

    outcome = judge(q1, run(cell))
    assert outcome.status is status
    assert (outcome.earned == outcome.points) is (status is Status.RIGHT)
    assert (outcome.misconception == "other") is (status is Status.WRONG)


def test_the_same_seed_gives_the_same_draw():
    drawn = []

    @asked
    def q1(answer, draw):
        drawn.append(draw.random())
        return right()

    for seed in (1, 1, 2):
        judge(q1, run(""), seed)
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("verdict", [None, True, wrong("unknown"), wrong("other", earned=1), wrong("other", earned=-1)])
def test_a_check_at_fault_is_reported_to_its_author(verdict):
    @asked
    def q1(answer, draw):
        return verdict

    with pytest.raises(ValueError, match="the check of q1"):
        judge(q1, run(""))


def test_part_of_the_points_and_details():
    @question("?", hints=("h",), misconceptions={"half": "You got {got}."}, points=3)
    def q1(answer, draw):
        return wrong("half", earned=1.5, got="{braces} <b>", line="line 2: x")

    outcome = judge(q1, run(""))
    assert (outcome.earned, outcome.message, outcome.line) == (1.5, "You got {braces} <b>.", "line 2: x")


def test_a_number_too_long_to_be_written_is_left_out_of_the_message():
    def check(answer, draw):
        return wrong("shown", got=answer.value("x"))

    asked_for = question("?", hints=("look",), misconceptions={"shown": "Not {got}, {{this}}."})(check)
    assert judge(asked_for, run("x = 5")).message == "Not 5, {this}."
    assert judge(asked_for, run("x = 10 ** 10000")).message == "Not ..., {this}."


@pytest.mark.parametrize("code", ["print('x' * 200_000)", "for n in range(10 ** 6):\n    print('x' * 99)"])
def test_endless_output_ends_the_run(code):
    answer = run(code, own=0)
    with pytest.raises(BrokeError, match="prints more than 100,000 characters"):
        answer.printed()


def test_a_module_is_not_taken_for_a_misspelt_answer():
    with pytest.raises(NotAttemptedError, match="`test_file` is not there yet"):
        run("import tempfile", own=0).value("test_file")
    with pytest.raises(NotAttemptedError, match="Your cell makes `test_files`"):
        run("test_files = 1", own=0).value("test_file")


def test_a_program_is_read_as_a_tree():
    answer = run("script = 'x = 1'\nspoilt = 'x ='\nnumber = 3")
    assert ast.dump(answer.program("script")) == ast.dump(ast.parse("x = 1"))
    with pytest.raises(BrokeError, match="The text in `spoilt` stopped with SyntaxError"):
        answer.program("spoilt")
    with pytest.raises(BrokeError, match="The text in `number` stopped with TypeError"):
        answer.program("number")
    with pytest.raises(NotAttemptedError):
        answer.program("nothing")


def test_a_value_in_a_message_is_short_and_the_same_on_every_machine():
    assert shown(0.4358139537276402) == shown(0.4358139537276401) == "`0.435813`"
    assert shown([0.4358139537276402, 1e-7, "x" * 80]) == f"`[0.435813, 1e-07, '{'x' * 41}...`"
    assert shown("two\nlines") == "`'two\\nlines'`"
    assert shown(pd.DataFrame({"a": [1]})) == "a DataFrame"
    assert shown(np.array([1])) == "an ndarray"
    assert shown(np.float64(0.5)) == "`0.5`"
    assert shown(lambda: 1) == "a function"
    assert (shown(float("nan")), shown(10**400)) == ("`nan`", "an int")
    assert shown(type("Score", (), {})()) == shown(opaque_class("Score")(1, "lesson.Score", False)) == "a Score"

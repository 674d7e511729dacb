"""An answer is what its cell holds now, not what an earlier run of the cell left in the kernel."""

import pytest

from mldebt.check import BrokeError, Cell, NamespaceAnswer, NotAttemptedError
from mldebt.check.source import marker

FIRST = f"{marker('q1')}\nmax_versions = 3"


def answer(*cells):
    namespace = {"max_versions": 3, "max_version": 3, "unused": 3}
    return NamespaceAnswer(
        namespace, [cell if isinstance(cell, Cell) else Cell(cell) for cell in cells], len(cells) - 1
    )


def test_the_latest_run_of_a_cell_counts():
    assert answer(FIRST, FIRST).value("max_versions") == 3


@pytest.mark.parametrize("later", ["", "print(max_versions)"])
def test_a_name_that_the_cell_no_longer_makes_is_no_answer(later):
    with pytest.raises(NotAttemptedError, match="does not any more"):
        answer(FIRST, f"{marker('q1')}\n{later}").value("max_versions")


def test_a_comparison_gives_no_value():
    with pytest.raises(NotAttemptedError, match="`==` compares `max_versions`"):
        answer(FIRST, f"{marker('q1')}\nmax_versions == 3").value("max_versions")


@pytest.mark.parametrize("before", [(), (FIRST,)])
def test_a_misspelt_name_is_pointed_out(before):
    namespace = {"max_version": 3} | ({"max_versions": 3} if before else {})
    cells = [Cell(cell) for cell in (*before, f"{marker('q1')}\nmax_version = 3")]
    with pytest.raises(NotAttemptedError, match="makes `max_version`; the name asked for is `max_versions`"):
        NamespaceAnswer(namespace, cells, len(cells) - 1).value("max_versions")


def test_an_error_of_an_earlier_run_is_forgotten():
    broken = Cell(f"{marker('q1')}\nmax_versions = three", "NameError: name 'three' is not defined", "line 2: ...")
    assert answer(broken, FIRST).value("max_versions") == 3


def test_a_cell_that_was_interrupted_is_said_to_have_stopped():
    stopped = Cell(f"{marker('q1')}\nwhile True: pass", "KeyboardInterrupt")
    with pytest.raises(BrokeError, match="Your cell stopped with KeyboardInterrupt"):
        answer(FIRST, stopped).value("max_versions")


def test_cells_without_a_marker_are_all_kept():
    cells = [Cell("a = 1"), Cell("b = a"), Cell("b = a + 1")]
    assert NamespaceAnswer({"a": 1, "b": 2}, cells).given(a=5).value("b") == 6

"""The catalogue of debts names the units that show them, and says so where none does."""

import re

from mldebt import units
from mldebt.debts import named
from mldebt.lab.catalogue import NOT_YET, catalogue


def test_every_debt_has_a_row_with_the_units_whose_headers_name_it():
    rows = {debt.id: shown for debt, shown in catalogue().rows}
    assert list(rows) == [debt.id for debt in named()]
    assert "02-set-a-limit" in rows["configuration"]
    for name in units.names():
        for id in units.header(name).get("debts", []):
            assert name in rows[id]


def test_a_debt_that_no_unit_shows_says_so():
    lines = repr(catalogue()).splitlines()
    assert len(lines) == len(named())
    empty = [debt.name for debt, shown in catalogue().rows if not shown]
    assert empty
    assert all(NOT_YET in next(line for line in lines if name in line) for name in empty)


def test_ids_are_one_of_a_kind_and_sections_are_those_of_the_paper():
    ids = [debt.id for debt in named()]
    assert len(set(ids)) == len(ids)
    assert {debt.section for debt in named()} == set(range(2, 9))


def test_the_table_links_to_the_lessons():
    table = catalogue()._repr_html_()
    assert '<a href="../notebooks/02-set-a-limit.ipynb"' in table
    assert len(re.findall(r'<th scope="row">', table)) == len(named())

"""Checks are tried against mutants of each solution, made with mutmut's own operators.

A mutant that a check accepts must be a right answer in truth: then it stands in `attempts.md` as one, with the
reason in its heading. Any other survivor is a hole in the check.
"""

import ast
import textwrap

import libcst
import pytest
from mutmut.mutation.mutators import mutation_operators

from mldebt import units
from mldebt.build.attempts import read_attempts, try_code
from mldebt.build.source import code_cells
from mldebt.check import Status
from mldebt.units import BEGIN, END

QUESTIONS = [(name, id) for name in units.names() for id in units.load(name).questions]


def mutants(source: str) -> list[str]:
    """Return every program that one of mutmut's operators makes of `source`, at one place at a time."""
    tree = libcst.parse_module(textwrap.dedent(source))
    found: dict[str, None] = {}

    class Visitor(libcst.CSTVisitor):
        def on_visit(self, node):
            for kind, operator in mutation_operators:
                if isinstance(node, kind):
                    for changed in operator(node):
                        found[tree.deep_replace(node, changed).code] = None
            return True

    tree.visit(Visitor())
    return [code for code in found if parses(code) and plain(code) != plain(source)]


def parses(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True


def plain(code: str) -> str:
    return ast.unparse(ast.parse(textwrap.dedent(code)))


def whole_cell(unit: units.Unit, question: str, solution: str) -> str:
    """Put a solution back between the lines of its answer cell that are given to the learner."""
    cell = next(cell.source for cell in code_cells(unit) if cell.question == question)
    if BEGIN not in cell:
        return solution
    before, _, rest = cell.partition(BEGIN)
    margin = before[before.rfind("\n") + 1 :]
    _, _, after = rest.partition(END)
    return before.removesuffix(margin) + textwrap.indent(solution, margin) + after


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_mutants_of_the_solution_are_caught(name, question, record_property):
    unit = units.load(name)
    right = {plain(a.code) for a in read_attempts(unit) if a.question == question and a.status is Status.RIGHT}
    made = mutants(unit.solutions[question])
    assert made
    accepted = [
        code for code in made if try_code(unit, question, whole_cell(unit, question, code)).status is Status.RIGHT
    ]
    holes = [code for code in accepted if plain(whole_cell(unit, question, code)) not in right]
    caught, equal = len(made) - len(accepted), len(accepted) - len(holes)
    record_property("mutants", f"{name} {question}: {caught} of {len(made)} caught, {equal} equal, {len(holes)} missed")
    assert not holes, "\n---\n".join(holes)

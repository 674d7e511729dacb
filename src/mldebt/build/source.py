"""From a unit's Markdown to unexecuted notebooks. Jupytext reads the MyST; what the course adds is added here."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jupytext.myst
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mldebt import units
from mldebt.check.item import Item
from mldebt.check.source import marker, names, parse
from mldebt.extra import INSTALL, packages
from mldebt.notebook import KERNEL
from mldebt.units import BEGIN, END, PUBLIC, Unit, UnitError

HAND_IN = "---\n\nSave this notebook, then hand it in under the name that it has."

KINDS = {"lesson": "notebooks", "exercise": "exercises", "solution": "solutions"}
"""The three notebooks of a unit, and the folder of each."""

_QUIZ = re.compile(r"^```\{quiz\} *([\w-]+) *\n```$", re.MULTILINE)
_REGION = re.compile(rf"^([ \t]*){BEGIN}\n(.*?)^[ \t]*{END}\n?", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class SourceCell:
    """One cell of a Markdown source: its kind, text, tags, the question it answers, and its first line."""

    kind: str
    source: str
    tags: tuple[str, ...]
    question: str
    line: int


@dataclass(frozen=True)
class Handout:
    """How an exercise is handed out: the id of its variant, and how many hints may be seen, None for all."""

    id: str
    hints: int | None = None

    @property
    def arguments(self) -> str:
        """Return what opening the exercise is told."""
        return f', release="{self.id}"' + (f", hints={self.hints}" if self.hints is not None else "")


@cache
def read_cells(path: Path) -> tuple[SourceCell, ...]:
    """Read the cells of `lesson.md` or `exercise.md`, without the header."""
    text = path.read_text(encoding="utf-8")
    try:
        notebook = jupytext.myst.myst_to_notebook(text, code_directive="{code-cell}", add_source_map=True)
    except jupytext.myst.MystMetadataParsingError as error:
        raise UnitError(f"{path}: {error}") from None
    lines = notebook.metadata.source_map
    return tuple(
        SourceCell(
            cell.cell_type,
            cell.source,
            tuple(cell.metadata.get("tags", [])),
            str(cell.metadata.get("question", "")),
            # Jupytext counts from 0, and a code cell's code begins after its fence and its options.
            _first_line(text, line, cell.source) if cell.cell_type == "code" else line + 1,
        )
        for cell, line in zip(notebook.cells, lines, strict=True)
    )


def _first_line(text: str, fence: int, source: str) -> int:
    first = source.split("\n", 1)[0]
    for number, line in enumerate(text.splitlines()[fence:], fence + 1):
        if line == first:
            return number
    return fence + 1


def code_cells(unit: Unit) -> list[SourceCell]:
    """Return the code cells of a unit's exercise, in order."""
    return [cell for cell in read_cells(unit.folder / "exercise.md") if cell.kind == "code"]


def quizzes_in(path: Path) -> list[str]:
    """Return the questions of `quiz.yaml` that an exercise asks."""
    return [key for cell in read_cells(path) if cell.kind != "code" for key in _QUIZ.findall(cell.source)]


def answer_cell(unit: Unit, question: str, *, solved: bool) -> str:
    """Return the source of an answer cell, solved or as the learner finds it."""
    cell = next(cell for cell in code_cells(unit) if cell.question == question)
    asked, makes = unit.questions[question], unit.questions[question].makes
    if asked.item is not None:
        return f"{marker(question)}\n{asked.solution.rstrip() if solved else f'{makes[0]} = ...'}"
    body = _REGION.sub(lambda found: found[2] if solved else _stub(found[2], found[1], makes), cell.source)
    return f"{marker(question)}\n{body}".rstrip()


def _stub(solution: str, indent: str, makes: tuple[str, ...]) -> str:
    """Write what stands in the exercise in place of a solution: the names to make, each without its value."""
    if indent:
        return f"{indent}...\n"
    tree = ast.parse(solution)
    lines = []
    for name in makes:
        function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name), None)
        if function is not None:
            said = ast.get_docstring(function)
            function.body = [
                *([ast.Expr(ast.Constant(said))] if said else []),
                ast.Expr(ast.Constant(...)),
            ]
            lines += ["", ast.unparse(ast.fix_missing_locations(function)), ""]
        elif name in names(tree).binds:
            lines.append(f"{name} = ...")
    return "\n".join(lines).strip("\n") + "\n" if lines else ""


def compose(unit: Unit, kind: str, handout: Handout | None = None) -> tuple[NotebookNode, list[tuple[Path, int]]]:
    """Compose one notebook of a unit; return it with the file and line that each cell comes from.

    An exercise with a `handout` opens as that says, and neither shows a solution nor leads to other notebooks.
    """
    path = unit.folder / ("lesson.md" if kind == "lesson" else "exercise.md")
    made: list[tuple[NotebookNode, int]] = []
    if kind == "lesson":
        made.append((new_markdown_cell(_top(unit)), 1))
    for cell in read_cells(path):
        made += [(node, cell.line) for node in _nodes(unit, cell, kind, path, handout)]
        if kind != "lesson" and len(made) == 1:
            made.append((_setup(unit, handout), 1))
    made.append((new_markdown_cell(HAND_IN if handout else _bottom(unit, kind)), 1))
    number = unit.name[:2]
    for place, (node, _) in enumerate(made):
        node["id"] = f"{number}-{kind}-{place:02d}-{node.cell_type}"
    notebook = new_notebook(
        cells=[node for node, _ in made],
        metadata={
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
            "mldebt": {"unit": unit.name, "kind": kind, **({"variant": handout.id} if handout else {})},
        },
    )
    nbformat.validate(notebook)
    return notebook, [(path, line) for _, line in made]


def _setup(unit: Unit, handout: Handout | None) -> NotebookNode:
    source = "from mldebt.lab import exercise\n\nex = exercise({name}{more})".format(
        name=f'"{unit.name}"', more=handout.arguments if handout else ""
    )
    # nbgrader puts its own copy in place of a cell that it knows: it may do so with a cell that is the same for all.
    return _code(source, "setup") if handout is None or handout.id == PUBLIC else new_code_cell(source)


def _nodes(unit: Unit, cell: SourceCell, kind: str, path: Path, handout: Handout | None) -> list[NotebookNode]:
    if cell.kind != "code":
        return [new_markdown_cell(_QUIZ.sub(lambda found: _question_text(unit, found[1], path, cell), cell.source))]
    if not cell.question:
        node = new_code_cell(cell.source)
        if cell.tags:
            node.metadata["tags"] = list(cell.tags)
        if "my_guess" in names(parse(cell.source)).needs:  # a stored result would tell before the guess
            node.metadata["jupyter"] = {"outputs_hidden": True}
        return [node]
    if cell.question not in unit.questions:
        raise UnitError(f"{path}:{cell.line} there is no question {cell.question!r} in checks.py")
    id, points = cell.question, unit.questions[cell.question].points
    nodes = [
        _code(answer_cell(unit, id, solved=kind == "solution"), id, solution=True),
        _code(f"ex.{id}.check()", f"{id}-check", points=points),
    ]
    if kind == "exercise":
        lines = ["# Stuck? Delete the # in front of a line, then run the cell."]
        lines += [f"#ex.{id}.hint()"] if handout is None or handout.hints != 0 else []
        lines += [f"#ex.{id}.solution()"] if handout is None else []
        nodes += [new_code_cell("\n".join(lines))] if len(lines) > 1 else []
    return nodes


def _code(source: str, grade_id: str, *, solution: bool = False, points: float | None = None) -> NotebookNode:
    """Make a code cell that nbgrader knows as an answer, a check or a read-only cell (its schema, version 3)."""
    about: dict[str, object] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        about["points"] = points
    node = new_code_cell(source)
    node.metadata["nbgrader"] = about
    return node


def _question_text(unit: Unit, key: str, path: Path, cell: SourceCell) -> str:
    item: Item | None = next((item for item in unit.quizzes.get("exercise", []) if item.id == key), None)
    if item is None:
        raise UnitError(f"{path}:{cell.line} quiz.yaml holds no question {key!r} under 'exercise'")
    lines = [item.ask, "", f"*Level: {item.level}.*"]
    if item.code:
        lines += ["", "```python", *item.code.splitlines(), "```"]
    if item.lettered:
        lines += ["", *(f"- **{item.letters[at]}.** {option.text}" for at, option in enumerate(item.shuffled()))]
    return "\n".join(lines)


def _top(unit: Unit) -> str:
    about = units.header(unit.name, unit.folder.parent)
    lines = [f"# {unit.name[:2]} {unit.title}", "", f"{unit.summary}", "", f"**Time:** {unit.minutes} minutes."]
    if about.get("needs"):
        lines[-1] += f" **You need:** {about['needs']}"
    if unit.extra:
        what, how = ", ".join(packages(unit.extra)), INSTALL.format(extra=unit.extra)
        lines += [
            "",
            f"**Install first:** this unit also needs {what}. Run this once in a cell, then restart the kernel:",
        ]
        lines += ["", "```", how, "```"]
    if about.get("objectives"):
        lines += ["", "After this lesson you can", "", *(f"- {objective}" for objective in about["objectives"])]
    return "\n".join(lines)


def _bottom(unit: Unit, kind: str) -> str:
    all_units = units.names(unit.folder.parent)
    after = all_units[all_units.index(unit.name) + 1 :]
    links = []
    if kind == "lesson":
        links.append(f"**Now do it:** [exercise {unit.name[:2]}](../exercises/{unit.name}.ipynb)")
    elif after:
        title = units.header(after[0], unit.folder.parent)["title"]
        links.append(f"**Next:** [{after[0][:2]} {title}](../notebooks/{after[0]}.ipynb)")
    if not (kind == "lesson" and unit.name == all_units[0]):
        links.append(f"[Start page](../notebooks/{all_units[0]}.ipynb)")
    return "---\n\n" + " · ".join(links)

"""The units of the course: one folder each, found by looking, named on no list.

A unit's folder is its name with an underscore for each hyphen: `03_keep_the_best` holds `03-keep-the-best`.
"""

import importlib.util
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from markdown_it import MarkdownIt

from mldebt.check.item import Item, QuizError, read_items
from mldebt.check.question import Question
from mldebt.check.quiz import InQuiz, graded
from mldebt.debts import named
from mldebt.extra import extras
from mldebt.nearest import nearest

FOLDER = Path(__file__).parent
PARTS = ("lesson.md", "exercise.md", "checks.py", "quiz.yaml", "attempts.md")
PUBLIC = "public"
"""The id of the variant of a unit that is in the course's own folders."""

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


class UnitError(ValueError):
    """A unit cannot be used. The message is one sentence that names the file, and the line where it can."""


@dataclass(frozen=True)
class Unit:
    """One unit. `questions` are in the order of `checks.py`; `quizzes` maps a group of `quiz.yaml` to its items.

    `extra` names the extra of the package that must be installed for it, if any.
    """

    name: str
    folder: Path
    title: str
    summary: str
    minutes: int
    project: str
    extra: str
    questions: dict[str, Question]
    quizzes: dict[str, list[Item]]
    solutions: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fence:
    """One fenced block of a Markdown file: its info string, its text, and the line of its first character."""

    info: str
    text: str
    line: int


def names(folder: Path = FOLDER) -> list[str]:
    """Return the names of all units, in the order of the course. A folder with no part of a unit is none."""
    found = [path for path in folder.glob("[0-9][0-9]_*") if any((path / part).is_file() for part in PARTS)]
    return sorted(path.name.replace("_", "-") for path in found)


def find(text: str) -> str:
    """Return the name of the unit that a name, or a number such as 3 or 03, stands for. Raises UnitError."""
    known = names()
    found = [name for name in known if text == name or (text and text.zfill(2) == name[:2])]
    if not found:
        raise UnitError(
            f"There is no unit {text!r}{nearest(text, known, f'; the units are {known[0]} to {known[-1]}')}"
        )
    return found[0]


def header(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Read the YAML header of a unit's lesson: title, summary, minutes, project and step, extra, debts."""
    path = folder / name.replace("-", "_") / "lesson.md"
    if not path.is_file():
        raise UnitError(f"the unit {name} lacks {path}")
    found = re.match(r"---\n(.*?)\n---\n", path.read_text(encoding="utf-8"), re.DOTALL)
    data = _yaml(path, f"\n{found[1]}") if found else None  # the first line is the --- above it
    if not isinstance(data, dict):
        raise UnitError(f"{path} must begin with a header between two lines of ---")
    missing = [key for key in ("title", "summary", "minutes") if key not in data]
    if missing:
        raise UnitError(f"{path}:1 the header lacks {missing[0]!r}")
    if type(data["minutes"]) is not int:
        raise UnitError(f"{path}:1 the header's minutes are a whole number, not {data['minutes']!r}")
    if data.get("extra", "") not in ("", *extras()):
        raise UnitError(f"{path}:1 the header's extra, {data['extra']!r}, is no extra of the package")
    unknown = set(data.get("debts", [])) - {debt.id for debt in named()}
    if unknown:
        raise UnitError(f"{path}:1 the header's debts name {min(unknown)!r}, which debts.yaml does not hold")
    return data


@cache
def load(name: str, folder: Path = FOLDER) -> Unit:
    """Load a unit. Raises UnitError when there is none of that name, or a part of it is missing or malformed."""
    path = folder / name.replace("-", "_")
    if name not in names(folder):
        raise UnitError(f"there is no unit {name!r}; the units are {', '.join(names(folder)) or 'none yet'}")
    missing = [part for part in PARTS if not (path / part).is_file()]
    if missing:
        raise UnitError(f"the unit {name} lacks {path / missing[0]}")
    about = header(name, folder)
    quizzes = _quizzes(path / "quiz.yaml")
    questions = _questions(path / "checks.py", quizzes)
    in_quiz = {id: question.solution for id, question in questions.items() if question.item is not None}
    return Unit(
        name=name,
        folder=path,
        title=about["title"],
        summary=about["summary"],
        minutes=about["minutes"],
        project=str(about.get("project", "")),
        extra=str(about.get("extra", "")),
        questions=questions,
        quizzes=quizzes,
        answers=in_quiz | _answers(path / "exercise.md"),
        solutions=in_quiz | _solutions(path / "exercise.md", set(in_quiz)),
    )


def _quizzes(path: Path) -> dict[str, list[Item]]:
    data = _yaml(path, path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise UnitError(f"{path} must hold groups of questions, such as lesson and exercise")
    quizzes = {}
    for group, entries in data.items():
        try:
            quizzes[str(group)] = read_items(entries)
        except QuizError as error:
            raise UnitError(f"{path}: in {group!r}, {error}") from None
    return quizzes


def _questions(path: Path, quizzes: dict[str, list[Item]]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for id, value in vars(module(path)).items():
        if isinstance(value, InQuiz):
            item = next((item for item in quizzes.get("exercise", []) if item.id == value.key), None)
            if item is None:
                raise UnitError(f"{path}: {id} names {value.key!r}, which quiz.yaml does not hold under 'exercise'")
            found[id] = graded(item, value, id)
        elif isinstance(value, Question):
            found[id] = value.named(id)
    if not found:
        raise UnitError(f"{path} defines no question")
    return found


def module(path: Path) -> ModuleType:
    """Run a Python file of a unit, such as its checks. Raises UnitError with the line at which it fails."""
    spec = importlib.util.spec_from_file_location(f"mldebt.units.{path.parent.name}.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise UnitError(f"{path} cannot be loaded")
    made = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(made)
    except Exception as error:
        trace = error.__traceback__
        line = getattr(error, "lineno", None)
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == str(path):
                line = trace.tb_lineno
            trace = trace.tb_next
        raise UnitError(f"{path}:{line or 1} {type(error).__name__}: {error}") from error
    return made


def _yaml(path: Path, text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnitError(f"{path}:{line} {error.problem}") from None
    except yaml.YAMLError as error:  # a character that YAML does not allow
        raise UnitError(f"{path}: {' '.join(str(error).split())}") from None


def fences(path: Path) -> list[Fence]:
    """Return the fenced blocks of a Markdown file."""
    tokens = MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8"))
    return [
        Fence(token.info.strip(), token.content, (token.map or [0])[0] + 2) for token in tokens if token.type == "fence"
    ]


def _answers(path: Path) -> dict[str, str]:
    """Read each answer cell as it stands when it is solved, with what is given in it, by question id."""
    found = {}
    for fence in fences(path):
        asked = re.search(r"^:question: *(\w+)", fence.text, re.MULTILINE)
        if asked and BEGIN in fence.text:
            lines = [line for line in fence.text.splitlines() if line.strip() not in (BEGIN, END)]
            found[asked[1]] = "\n".join(line for line in lines if not line.startswith(":")).strip("\n") + "\n"
    return found


def _solutions(path: Path, in_quiz: set[str]) -> dict[str, str]:
    """Read what stands between the solution markers of each answer cell, by question id.

    The cell of a question in `quiz.yaml` stays empty: the solution is known.
    """
    found = {}
    for fence in fences(path):
        asked = re.search(r"^:question: *(\w+)", fence.text, re.MULTILINE)
        if asked and asked[1] not in in_quiz:
            between = re.search(rf"^[ \t]*{BEGIN}\n(.*?)^[ \t]*{END}", fence.text, re.DOTALL | re.MULTILINE)
            if between is None:
                raise UnitError(f"{path}:{fence.line} the answer cell of {asked[1]} has no {BEGIN} and {END}")
            found[asked[1]] = between[1]
    return found

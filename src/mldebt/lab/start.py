"""The start page: a map of the course, with the learner's progress in it, and a way to begin a unit again."""

import html
from dataclasses import dataclass

from mldebt import units
from mldebt.lab.exercise import find
from mldebt.lab.feedback import TABLE_STYLE, CourseError, box, show
from mldebt.lab.progress import Progress, course_folder


@dataclass(frozen=True)
class Row:
    """One unit as the map shows it. `left` are its questions that are not right yet, of `of` in all."""

    name: str
    title: str
    minutes: int
    left: tuple[str, ...]
    of: int

    @property
    def label(self) -> str:
        """Return the unit's number and title."""
        return f"{self.name[:2]} {self.title}"

    @property
    def count(self) -> str:
        """Say how many questions are right."""
        return f"{self.of - len(self.left)} of {self.of} right"

    @property
    def todo(self) -> str:
        """Say what is left to do."""
        if not self.left:
            return "done"
        if len(self.left) == self.of:
            return "lesson, then exercise"
        return f"exercise: {', '.join(self.left)}"

    def link(self, folder: str) -> str:
        """Return the address of one of the unit's notebooks, as seen from another notebook of the course."""
        return f"../{folder}/{self.name}.ipynb"


class CourseMap:
    """All units, in the order of the course. Displayed as a table; as text where no table can be shown."""

    def __init__(self, rows: list[Row], lines: list[str], warnings: list[str]) -> None:
        self.rows = rows
        self.lines = lines
        self.warnings = warnings

    def __repr__(self) -> str:
        width = max((len(row.label) for row in self.rows), default=0)
        lines = [
            f"{row.label:{width}}  {row.minutes:3} minutes  {row.count:12}  {row.todo}".rstrip() for row in self.rows
        ]
        said, target = self._next()
        return "\n".join([*lines, "", *self.lines, f"{said} {target}".strip(), *self.warnings])

    def _repr_html_(self) -> str:
        heads = ("unit", "minutes", "lesson", "exercise", "questions", "what to do")
        head = "".join(f'<th scope="col">{text}</th>' for text in heads)
        said, target = self._next()
        go = f'{html.escape(said)} <a href="{target}">{target.removeprefix("../")}</a>' if target else html.escape(said)
        paragraphs = [*(f"<strong>{html.escape(text)}</strong>" for text in self.lines), go]
        paragraphs += [html.escape(text) for text in self.warnings]
        return (
            f'{TABLE_STYLE}<div class="mldebt-table"><table><caption>Units and your progress</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(_html_row, self.rows))}</tbody></table>"
            f"{''.join(f'<p>{paragraph}</p>' for paragraph in paragraphs)}</div>"
        )

    def _next(self) -> tuple[str, str]:
        """Say what to do next, and in which notebook."""
        row = next((row for row in self.rows if row.left), None)
        if row is None:
            return "Every unit is done.", ""
        # The lesson of the first unit is the page that shows the map.
        begun = len(row.left) < row.of or row is self.rows[0]
        folder = "exercises" if begun else "notebooks"
        return f"Next: {row.label}, the {'exercise' if begun else 'lesson'}:", row.link(folder)


def _html_row(row: Row) -> str:
    links = "".join(
        f'<td><a href="{row.link(folder)}" aria-label="{kind} {html.escape(row.label)}">{kind}</a></td>'
        for folder, kind in (("notebooks", "lesson"), ("exercises", "exercise"))
    )
    return (
        f'<tr><th scope="row">{html.escape(row.label)}</th><td class="mldebt-count">{row.minutes}</td>{links}'
        f'<td class="mldebt-count">{row.count}</td><td>{html.escape(row.todo)}</td></tr>'
    )


def course_map() -> CourseMap:
    """Show all units of the course, how far you are in each, and what to do next."""
    rows, warnings = [], []
    projects: dict[str, list[str]] = {}
    for name in units.names():
        unit = find(name)
        progress = Progress(course_folder())  # one for each unit, so that no warning replaces another
        right = progress.right(name)
        rows.append(
            Row(name, unit.title, unit.minutes, tuple(q for q in unit.questions if q not in right), len(unit.questions))
        )
        if warning := progress.take_warning():
            warnings.append(warning)
        if unit.project:
            projects.setdefault(unit.project, []).append(name)
    lines = [_project(title, of) for title, of in projects.items()]
    if more := [name[:2] for name in units.names() if find(name).extra]:
        lines.append(f"Units that need more packages, which each names at its top: {', '.join(more)}.")
    return CourseMap(rows, lines, warnings)


def _project(title: str, of: list[str]) -> str:
    steps = Progress(course_folder()).steps(of[0])
    return f"{title.replace('-', ' ').capitalize()} (units {of[0][:2]} to {of[-1][:2]}): {steps}"


def reset(unit: str) -> None:
    """Forget which questions of one unit you had right. Your notebooks stay as they are.

    Raises CourseError for an unknown unit, and when the progress cannot be removed.
    """
    found = find(unit)
    try:
        Progress(course_folder()).reset(found.name)
    except OSError as error:
        raise CourseError(f"The progress of {found.name} cannot be removed: {error.strerror}.") from None
    text = f"The progress of {found.name[:2]} {found.title} is gone; that of the other units is kept."
    show(text, box([html.escape(text)]))

"""A picture of code as it runs: which value each name has after each line."""

import html
import sys
import textwrap
from dataclasses import dataclass
from types import FrameType
from typing import Any

from mldebt.lab.feedback import TABLE_STYLE

_SOURCE = "<traced>"


@dataclass(frozen=True)
class Step:
    """One executed line: its number, its code, and the names that it made or changed, as text."""

    line: int
    code: str
    values: dict[str, str]


class Trace:
    """The steps of a piece of code. Displayed as a table; `steps` holds them."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps

    def __repr__(self) -> str:
        lines = []
        for number, step in enumerate(self.steps, 1):
            lines.append(f"{number}. line {step.line}: {step.code}")
            lines += [f"     {name} = {value}" for name, value in step.values.items()] or ["     (no name changes)"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = []
        for number, step in enumerate(self.steps, 1):
            values = "<br>".join(
                f"<code>{html.escape(name)} = {html.escape(value)}</code>" for name, value in step.values.items()
            )
            rows.append(
                f'<tr><th scope="row">{number}</th><td>{step.line}</td>'
                f"<td><code>{html.escape(step.code)}</code></td><td>{values or 'no name changes'}</td></tr>"
            )
        heads = "".join(f'<th scope="col">{head}</th>' for head in ("step", "line", "code", "what it makes"))
        return (
            f"{TABLE_STYLE}<div class='mldebt-table'><table><caption>What each line makes</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        )


def trace(code: str, **given: Any) -> Trace:
    """Run a few lines with some names given, and return what each line made or changed.

    Only top-level lines are steps; a loop shows its lines at each turn. Whatever the code raises, it raises.
    """
    source = textwrap.dedent(code).strip()
    lines = source.splitlines()
    scope: dict[str, Any] = {"__name__": _SOURCE, **given}
    steps: list[Step] = []
    before = _shown(scope)
    running: int | None = None

    def close() -> None:
        nonlocal before
        if running is None or not 0 < running <= len(lines):  # an empty text has a line of its own
            return
        after = _shown(scope)
        made = {name: value for name, value in after.items() if before.get(name) != value}
        steps.append(Step(running, lines[running - 1].strip(), made))
        before = after

    def on_event(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal running
        if frame.f_code.co_filename != _SOURCE or frame.f_code.co_name != "<module>":
            return None
        if event in ("line", "return"):
            close()
            running = frame.f_lineno if event == "line" else None
        return on_event

    outer = sys.gettrace()
    sys.settrace(on_event)
    try:
        exec(compile(source, _SOURCE, "exec"), scope)
    finally:
        sys.settrace(outer)
    return Trace(steps)


def _shown(scope: dict[str, Any]) -> dict[str, str]:
    return {name: repr(value) for name, value in scope.items() if not name.startswith("__") and not callable(value)}

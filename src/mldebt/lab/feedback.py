"""How an outcome looks: a box that reads well in the light and the dark theme, and plain text elsewhere."""

import html
from typing import Any

from IPython.display import display
from markdown_it import MarkdownIt

from mldebt.check import Outcome, Status

HEADLINES = {
    Status.RIGHT: "Right.",
    Status.WRONG: "Not yet.",
    Status.BROKE: "Your code stopped.",
    Status.TIMED_OUT: "Your code was stopped.",
    Status.NOT_ATTEMPTED: "Not answered yet.",
}

# The words carry the meaning; the colour of the border only repeats it. Outside JupyterLab the fallbacks apply.
# JupyterLab would show the message of the exception once more, under the box that already holds it.
STYLE = """<style>
.mldebt-box { border-left: 4px solid var(--jp-border-color1, #888); padding: 2px 12px; max-width: 46em;
  color: var(--jp-ui-font-color1, inherit); font-family: var(--jp-ui-font-family, sans-serif);
  font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; }
.mldebt-box p { margin: 2px 0; }
.mldebt-box code { font-family: var(--jp-code-font-family, monospace); }
.mldebt-box .mldebt-small { color: var(--jp-ui-font-color1, inherit); opacity: .85; }
.mldebt-box[data-status="right"] { border-color: var(--jp-success-color1, #2e7d32); }
.mldebt-box[data-status="wrong"] { border-color: var(--jp-warn-color1, #b26a00); }
.mldebt-box:is([data-status="broke"], [data-status="timed out"]) { border-color: var(--jp-error-color1, #c62828); }
.jp-OutputArea-child:has(.mldebt-box[data-status]:not([data-status="right"]))
  + .jp-OutputArea-child:has([data-mime-type="application/vnd.jupyter.stderr"]),
.jp-OutputArea-child:has(.mldebt-box[data-status]:not([data-status="right"]))
  + .jp-OutputArea-child:has([data-mime-type="application/vnd.jupyter.error"]) { display: none; }
</style>"""

# Every rule names its class: a style that stands in an output reaches the whole page.
TABLE_STYLE = """<style>
.mldebt-table { color: var(--jp-ui-font-color1, inherit); font-family: var(--jp-ui-font-family, sans-serif);
  font-size: var(--jp-ui-font-size1, 13px); line-height: 1.5; }
.mldebt-table table, .jp-RenderedHTMLCommon .mldebt-table table { border-collapse: collapse; margin: 0 0 8px;
  font-size: inherit; color: inherit; }
.mldebt-table caption { text-align: left; font-weight: 600; padding: 2px 0 4px; color: inherit; }
.mldebt-table th, .mldebt-table td, .jp-RenderedHTMLCommon .mldebt-table :is(th, td) { text-align: left;
  padding: 3px 16px 3px 0; border: none; border-bottom: 1px solid var(--jp-border-color2, #bbb);
  vertical-align: top; white-space: normal; max-width: none; color: inherit; }
.mldebt-table tbody th { font-weight: normal; }
.mldebt-table tbody tr, .jp-RenderedHTMLCommon .mldebt-table tbody tr { background: none; }
.mldebt-table .mldebt-count { white-space: nowrap; font-variant-numeric: tabular-nums; }
.mldebt-table a, .jp-RenderedHTMLCommon .mldebt-table a { text-decoration: underline; display: inline-block;
  min-height: 24px; line-height: 24px; }
.mldebt-table p { margin: 2px 0; }
</style>"""

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


class NotYet(Exception):  # noqa: N818 - what the learner reads is the name of this class
    """Raised by `check()` when an answer is not right, so that an automated run sees it. No traceback is shown."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class CourseError(Exception):
    """The course was asked for something that it does not have. Shown as one sentence."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def inline(text: str) -> str:
    """Turn one paragraph of Markdown into HTML; raw HTML in it is escaped."""
    return str(_MARKDOWN.renderInline(text))


def box(paragraphs: list[str], status: str = "") -> str:
    """Frame paragraphs of HTML."""
    mark = f' data-status="{html.escape(status)}"' if status else ""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)
    return f'{STYLE}<div class="mldebt-box" role="status"{mark}>{body}</div>'


def show(text: str, html_text: str) -> None:
    """Display HTML where it can be seen, and text elsewhere."""
    data: dict[str, Any] = {"text/plain": text, "text/html": html_text}
    display(data, raw=True)


def show_outcome(outcome: Outcome, steps: str, help: str, warning: str = "") -> None:
    """Show an outcome with the progress; raise NotYet when it is not right.

    `steps` says how far the learner is, `help` how to get a hint. In plain text the message comes with the exception,
    so that it is read once.
    """
    right = outcome.status is Status.RIGHT
    points = f"{outcome.earned:g} / {outcome.points:g} points"
    head = f"{HEADLINES[outcome.status]} {outcome.question}, {points}. {steps}."
    line = f"Your {outcome.line}" if outcome.line else ""
    rich = [
        f"<strong>{HEADLINES[outcome.status]}</strong> {inline(outcome.message)}",
        f"Your {_code_line(outcome.line)}" if outcome.line else "",
        f'<span class="mldebt-small">{outcome.question}: {points}. <strong>{steps}</strong>. '
        f"{'' if right else inline(help)}</span>",
        f'<span class="mldebt-small">{html.escape(warning)}</span>' if warning else "",
    ]
    text = [head, outcome.message] if right else [head]
    show("\n".join(filter(None, [*text, warning])), box(rich, outcome.status.value))
    if not right:
        raise NotYet("\n".join(filter(None, [outcome.message, line, help])))


def _code_line(line: str) -> str:
    """Split `line 3: total = 1 / 0` into its place and its code."""
    place, _, code = line.partition(": ")
    return f"{html.escape(place)}: <code>{html.escape(code)}</code>" if code else html.escape(place)

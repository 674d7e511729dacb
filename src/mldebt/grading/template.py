"""The templates of pages that hold what strangers wrote: everything is escaped, and what is lacking is an error."""

import re
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

# `code` and *words* are the only Markdown in a message that means anything: a learner's text may stand in it, and a
# picture would be fetched from wherever that text says. Markdown's own emphasis would take the stars and underscores
# out of that text (`a*b*c`, `__init__`); this takes the stars around whole words only.
_MARKUP = MarkdownIt("zero").enable("backticks")
_WORDS = re.compile(r"(?<![\w*])\*(\w(?:[^*]*[^\s*,(])?)\*(?![\w*])")


def _text(_: Any, tokens: Sequence[Token], at: int, *others: Any) -> str:
    return _WORDS.sub(r"<em>\1</em>", str(escape(tokens[at].content)))


_MARKUP.add_render_rule("text", _text)


def code(text: str) -> Markup:
    """Turn a message into HTML in which only `code` and *words* are marked up."""
    return Markup(_MARKUP.renderInline(text))


def excerpt(source: str, most: int) -> str:
    """Make a cell fit to be shown, `most` characters of it.

    What cannot be seen, or turns the order of what is seen, is written out.
    """
    cut = source if len(source) <= most else f"{source[:most]}\n[and {len(source) - most:,} characters more]"
    return "".join(_visible(character) for character in cut.replace("\r\n", "\n").rstrip().expandtabs(4))


def _visible(character: str) -> str:
    return character if character.isprintable() or character == "\n" else f"\\u{ord(character):04x}"


def environment(package: str, folder: str) -> Environment:
    """Return the environment of the templates in a package's folder, with the filter `code`."""
    made = Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["code"] = code
    return made

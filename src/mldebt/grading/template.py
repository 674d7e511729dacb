"""The templates of pages that hold what strangers wrote: everything is escaped, and what is lacking is an error."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

# `code` is the only Markdown in a message that means anything: a learner's text may stand in it, and a picture
# would be fetched from wherever that text says.
_CODE = MarkdownIt("zero").enable("backticks")


def code(text: str) -> Markup:
    """Turn a message into HTML in which only `code` is marked up."""
    return Markup(_CODE.renderInline(text))


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

"""One notebook as the text of a page: nbconvert writes it, and what a page to be read needs besides is added here."""

import re
from itertools import count
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

HERE = Path(__file__).parent
SHOWN = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
"""Kinds of output that a page can show, the richest first. A live widget is not among them: it is its text."""

LIVE = re.compile(r"\s*^Run this cell in JupyterLab (.+)\.\s*\Z", re.MULTILINE)
HEADINGS = re.compile(r"^h[1-6]$")
REFUSED = ("applet", "base", "embed", "form", "frame", "iframe", "link", "meta", "object")
LOADS = ("src", "srcset", "poster", "background", "data", "href", "xlink:href")  # the href of an <a> loads nothing
IN_STYLE = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)", re.IGNORECASE)
SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)
NOT_DESCRIBED = ("", "No description has been provided for this image")  # the second is what nbconvert fills in


class SiteError(ValueError):
    """The site cannot be made. The message is one sentence that names the file."""


def exporter() -> HTMLExporter:
    """Make the nbconvert exporter with our template. One serves for all notebooks."""
    config = Config()
    config.HTMLExporter.embed_images = True
    config.NbConvertBase.display_data_priority = list(SHOWN)
    places = [str(HERE / "templates")]
    return HTMLExporter(config=config, template_name="notebook", extra_template_basedirs=places)  # type: ignore[no-untyped-call]


def body(notebook: NotebookNode, path: Path, export: HTMLExporter) -> BeautifulSoup:
    """Return the cells of a notebook as HTML that loads nothing. Raises SiteError when they cannot be shown so.

    `path` is where the notebook lies: pictures beside it become part of the page.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            every = list(cell.outputs)
            cell.outputs = [output for at, output in enumerate(every) if not _said(output, every[:at])]
            for output in cell.outputs:
                _have_text(output)
    text, _ = export.from_notebook_node(notebook, {"metadata": {"path": str(path.parent)}})
    soup = BeautifulSoup(text, "html.parser")
    _refuse(soup, path)
    _order_headings(soup, path)
    _still(soup)
    _describe(soup, path)
    _make_reachable(soup)
    return soup


def _said(output: NotebookNode, before: list[NotebookNode]) -> bool:
    """Tell whether an output is the error of a check, whose message stands in a box before it."""
    if output.output_type != "error" or output.ename != "NotYet":
        return False
    return any("mldebt-box" in earlier.get("data", {}).get("text/html", "") for earlier in before)


def _have_text(output: NotebookNode) -> None:
    data = output.get("data")
    if data is not None and not any(kind in data for kind in SHOWN):
        data["text/plain"] = "Run this cell in JupyterLab to see its output."


def _refuse(soup: BeautifulSoup, path: Path) -> None:
    """Take out scripts, and raise SiteError for what would load something or take the reader elsewhere."""
    for script in soup.find_all("script"):
        script.decompose()
    for tag in soup.find_all(True):
        if tag.name in REFUSED:
            raise SiteError(f"{path} holds a <{tag.name}>, which a page for reading cannot show")
        for name in [name for name in tag.attrs if name.startswith("on")]:
            del tag[name]
        for name in LOADS:
            if name in tag.attrs and tag.name not in ("a", "area") and not str(tag[name]).startswith(("data:", "#")):
                raise SiteError(f"{path} loads {str(tag[name])[:100]!r}; keep the file in the folder of the notebook")
        style = tag.get_text() if tag.name == "style" else str(tag.get("style", ""))
        if IN_STYLE.search(style):
            raise SiteError(f"{path} has a style that loads a file; write it into the style itself")


def _order_headings(soup: BeautifulSoup, path: Path) -> None:
    """Let the first heading be the title, let no level be skipped, and give each heading an id of its own."""
    for anchor in soup.select("a.anchor-link"):
        anchor.decompose()
    level = 0
    taken: set[str] = set()
    for heading in soup.find_all(HEADINGS):
        level = max(2, min(int(heading.name[1]), level + 1)) if level else 1
        heading.name = f"h{level}"
        id = str(heading.get("id") or heading.get_text().strip().replace(" ", "-"))
        free = (f"{id}-{number}" if number > 1 else id for number in count(1))
        heading["id"] = own = next(name for name in free if name not in taken)
        taken.add(own)
    if not level:
        raise SiteError(f"{path} has no heading, which its page needs as a title")


def _still(soup: BeautifulSoup) -> None:
    """Frame the text of each live widget, and say that it is alive in JupyterLab only."""
    for text in soup.select(".output > pre"):
        live = LIVE.search(text.get_text())
        if live is None:
            continue
        said = text.get_text()[: live.start()].strip("\n")
        note = soup.new_tag("p", string=f"This is the text of a live part: open the notebook in JupyterLab {live[1]}.")
        text.insert_after(note)
        if said:
            text.string = f"\n{said}"
        else:
            text.decompose()
        frame = note.parent
        if frame is not None:
            frame["class"] = "output live"


def _describe(soup: BeautifulSoup, path: Path) -> None:
    """Tie each figure to the paragraph under it; a figure without an alternative gets its first sentence as one."""
    for number, image in enumerate(soup.select(".output img"), 1):
        below = _paragraph_below(image)
        if str(image.get("alt", "")) in NOT_DESCRIBED:
            sentence = SENTENCE.match(" ".join(below.get_text().split())) if below else None
            if sentence is None:
                raise SiteError(f"{path} has a figure, number {number}, without a sentence under it that describes it")
            image["alt"] = sentence[0]
        elif below is not None:
            below["id"] = below.get("id") or f"figure-{number}-says"  # two figures may share a paragraph
            image["aria-describedby"] = below["id"]


def _paragraph_below(image: Tag) -> Tag | None:
    cell = image.find_parent(class_="cell")
    under = cell.find_next_sibling() if cell else None
    first = under.find(True) if under is not None and "text" in under.get_attribute_list("class") else None
    return first if first is not None and first.name == "p" else None


def _make_reachable(soup: BeautifulSoup) -> None:
    """Let the keyboard reach what may have to be scrolled, keep styles once, and make empty headers plain cells."""
    for output in soup.select(".output:not(.live)"):
        if output.find(["pre", "table"]):
            output["tabindex"] = "0"
    for corner in soup.find_all("th"):
        if not corner.get_text(strip=True):
            corner.name = "td"
    known = set()
    for style in soup.find_all("style"):
        if style.get_text() in known:
            style.decompose()
        else:
            known.add(style.get_text())

"""The course as a folder of HTML pages for reading: no server, no script but the search, nothing from elsewhere.

Solutions are left out unless they are asked for: what was published once stays in caches and search engines, and a
learner gets one from `ex.q1.solution()` at the moment of need. With them each exercise ends with a link to its
solution, which says what it is; no other page leads there and the search does not find them.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup
from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from mldebt import units
from mldebt.site import links, search
from mldebt.site.body import HERE, SiteError, body, exporter

COURSE = "Technical debt in machine-learning systems"
FOLDERS = {"lesson": "notebooks", "exercise": "exercises", "solution": "solutions"}
LIST = "site-files.txt"
"""The file of a site that names all its files: what is not on it was not made by us, and is left alone."""

_MARKS = MarkdownIt("zero").enable(["backticks", "emphasis"])


@dataclass(eq=False)
class Page:
    """The page of one notebook."""

    unit: str
    kind: str
    soup: BeautifulSoup = field(repr=False)

    @property
    def url(self) -> str:
        """Return the page's path in the site."""
        return f"{FOLDERS[self.kind]}/{self.unit}.html"

    @property
    def notebook(self) -> str:
        """Return the notebook's path in the course."""
        return f"{FOLDERS[self.kind]}/{self.unit}.ipynb"

    @cached_property
    def title(self) -> str:
        """Return the first heading."""
        heading = self.soup.h1
        said = " ".join(heading.get_text().split()) if heading else ""
        return f"Solution of {said}" if self.kind == "solution" else said

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Return id and text of each heading of the second level."""
        return [(str(part["id"]), " ".join(part.get_text().split())) for part in self.soup.find_all("h2")]


def make(root: Path, *, solutions: bool = False, folder: Path = units.FOLDER) -> dict[str, bytes]:
    """Make the files of the site from the notebooks below `root`; the same bytes each time.

    Raises SiteError, or UnitError, for the first file that cannot become a page.
    """
    names = units.names(folder)
    kinds = [kind for kind in FOLDERS if solutions or kind != "solution"]
    export = exporter()
    pages = {(name, kind): _page(root, name, kind, export) for name in names for kind in kinds}
    anchors = {page.url: links.ids(page.soup) for page in pages.values()}
    left_out = {f"{FOLDERS['solution']}/{name}.html" for name in names} - set(anchors)
    for page in pages.values():
        links.mend(page.soup, page.url, anchors, left_out)

    listed = [page for page in pages.values() if page.kind != "solution"]
    environment = _environment()
    texts = {
        page.url: environment.get_template("page.html").render(
            root="../", page=page, pages=listed, text=Markup(str(page.soup)), **_around(page, listed, pages)
        )
        for page in pages.values()
    }
    shown = [_unit(name, names, folder, listed) for name in names]
    hours = _hours(sum(unit["minutes"] for unit in shown))
    texts["index.html"] = environment.get_template("index.html").render(root="", units=shown, hours=hours)
    texts["search.html"] = environment.get_template("search.html").render(root="")
    found = [place for page in listed for place in search.places(page.soup, page.url, page.title)]
    texts["assets/search-index.js"] = search.script(found)
    files = {path: text.encode() for path, text in texts.items()}
    return files | {f"assets/{asset.name}": asset.read_bytes() for asset in (HERE / "assets").glob("[!.]*")}


def write(files: dict[str, bytes], out: Path) -> None:
    """Write a site into a folder, and remove what an earlier one left there. Raises SiteError for a foreign folder."""
    there = sorted(path.name for path in out.iterdir() if not path.name.startswith(".")) if out.is_dir() else []
    earlier = out / LIST
    if there and not earlier.is_file():
        raise SiteError(f"{out} holds {there[0]}, which is no part of a site; choose another folder with --out")
    old = set(earlier.read_text(encoding="utf-8").splitlines()) if there else set()
    out.mkdir(parents=True, exist_ok=True)
    # The list comes first and names the old files as well: a run that is cut short leaves nothing unnamed.
    earlier.write_bytes(_lines(old | set(files)))
    for path in sorted(old - set(files)):
        stale = out / path
        if stale.resolve().is_relative_to(out.resolve()) and stale.is_file():
            stale.unlink()
            if stale.parent != out and not any(stale.parent.iterdir()):
                stale.parent.rmdir()
    for path, content in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    earlier.write_bytes(_lines(set(files)))


def _lines(paths: set[str]) -> bytes:
    return "".join(f"{path}\n" for path in sorted(paths)).encode()


def _page(root: Path, name: str, kind: str, export: Any) -> Page:
    path = root / FOLDERS[kind] / f"{name}.ipynb"
    if not path.is_file():
        raise SiteError(f"{path} is not there; run: mldebt build")
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
        nbformat.validate(notebook)
    except OSError:
        raise
    except Exception as error:  # nbformat lets through whatever a malformed file makes it stumble over
        first = next(iter(str(error).splitlines()), type(error).__name__)[:100]
        raise SiteError(f"{path} is a damaged notebook ({first}); run: mldebt build") from None
    return Page(name, kind, body(notebook, path.resolve(), export))


def _around(page: Page, listed: list[Page], pages: dict[tuple[str, str], Page]) -> dict[str, Page | None]:
    """Find the pages that a page leads to: before it, after it, and between an exercise and its solution."""
    around = {"before": None, "after": None, "exercise": pages[page.unit, "exercise"], "solution": None}
    if page.kind == "exercise":
        around["solution"] = pages.get((page.unit, "solution"))
    if page in listed:
        at = listed.index(page)
        around["before"] = listed[at - 1] if at else None
        around["after"] = listed[at + 1] if at + 1 < len(listed) else None
    return around


def _unit(name: str, names: list[str], folder: Path, listed: list[Page]) -> dict[str, Any]:
    """Gather what the index says of a unit: its header, its pages, and which step of a project it is."""
    about = units.header(name, folder)
    project = about.get("project")
    steps = [other for other in names if project and units.header(other, folder).get("project") == project]
    step = f"Step {steps.index(name) + 1} of {len(steps)} of the {str(project).replace('-', ' ')}." if steps else ""
    empty: dict[str, Any] = {"objectives": [], "needs": ""}
    return empty | about | {"name": name, "step": step, "pages": [page for page in listed if page.unit == name]}


def _hours(minutes: int) -> str:
    return f"{minutes} minutes" if minutes < 90 else f"about {round(minutes / 30) / 2:g} hours"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("mldebt.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["course"] = COURSE
    environment.filters["marked"] = lambda text: Markup(_MARKS.renderInline(str(text)))
    return environment

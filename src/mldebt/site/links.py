"""Links between notebooks become links between pages, and each of them must lead somewhere."""

from collections.abc import Container, Mapping
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote, urlsplit

from bs4 import BeautifulSoup

from mldebt.site.body import SiteError

OUTSIDE = ("http", "https", "mailto")


def ids(soup: BeautifulSoup) -> set[str]:
    """Return all places of a page that a link may name."""
    return {str(tag["id"]) for tag in soup.find_all(id=True)}


def mend(soup: BeautifulSoup, page: str, anchors: Mapping[str, Container[str]], left_out: Container[str]) -> None:
    """Turn the links of a page from notebooks to pages. Raises SiteError for one that leads nowhere.

    `page` is the page's own path in the site, as in `notebooks/x.html`; `anchors` holds the ids of every page.
    A link to a page of `left_out` becomes plain text.
    """
    for link in soup.find_all(["a", "area"], href=True):
        href = str(link["href"])
        said = f"{page.removesuffix('.html')}.ipynb links to {href[:100]!r}"
        try:
            parts = urlsplit(href)
        except ValueError:
            raise SiteError(f"{said}, which is no address") from None
        if parts.scheme in OUTSIDE and (parts.netloc or parts.scheme == "mailto"):
            continue
        if parts.scheme or parts.netloc:
            raise SiteError(f"{said}, which is neither a page of the site nor on the web")
        target = _page(unquote(parts.path), page)
        if target in left_out:
            link.unwrap()
            continue
        if target not in anchors:
            raise SiteError(f"{said}, which is no page of the site")
        fragment = unquote(parts.fragment)
        if fragment and fragment not in anchors[target]:
            raise SiteError(f"{said}, and that page has no such place")
        path = "" if target == page and fragment else quote(relpath(target, dirname(page)))
        link["href"] = path + (f"#{quote(fragment)}" if fragment else "")


def _page(path: str, page: str) -> str:
    """Name the page that a path in a notebook means, seen from the notebook's own page."""
    if not path:
        return page
    target = normpath(join(dirname(page), path))
    return target.removesuffix(".ipynb") + ".html" if target.endswith(".ipynb") else target

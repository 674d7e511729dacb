"""What the search looks through: the text of every page, cut at its headings."""

import json
from dataclasses import asdict, dataclass
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from mldebt.site.body import HEADINGS

# A word ends where one of these begins; inside a line of code no space is added.
BLOCKS = {"br", "dd", "div", "dt", "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul"}


@dataclass
class Place:
    """A part of a page under one heading: its address in the site, the page's title, the heading, the text."""

    url: str
    title: str
    heading: str
    text: str = ""


def places(soup: BeautifulSoup, page: str, title: str) -> list[Place]:
    """Cut a page into its places."""
    found: list[Place] = []
    for node in soup.descendants:
        if isinstance(node, Tag):
            if HEADINGS.match(node.name):
                heading = " ".join(node.get_text().split())
                found.append(Place(f"{quote(page)}#{quote(str(node['id']))}", title, heading))
            elif found and node.name == "img":
                found[-1].text += f" {node['alt']} "
            elif found and node.name in BLOCKS:
                found[-1].text += " "
        # Exactly this type: the text of a style, a script or a comment is of another.
        elif found and type(node) is NavigableString and not node.find_parent(HEADINGS):
            found[-1].text += str(node)
    for place in found:
        place.text = " ".join(place.text.split())
    return found


def script(found: list[Place]) -> str:
    """Write the index as a script, since a page opened from a disk may load no other kind of data."""
    lines = ",\n".join(json.dumps(asdict(place)) for place in found)
    return f"const PLACES = [\n{lines}\n];\n"

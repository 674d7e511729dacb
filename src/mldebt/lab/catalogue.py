"""Every named debt on one page, with the units that show it: `catalogue()`."""

import html

from mldebt import units
from mldebt.debts import Debt, named
from mldebt.lab.feedback import TABLE_STYLE

NOT_YET = "no unit yet"


class Catalogue:
    """The debts, in the order of the paper, each with the units whose headers say that they show it."""

    def __init__(self, rows: list[tuple[Debt, list[str]]]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        width = max(len(debt.name) for debt, _ in self.rows)
        return "\n".join(f"{debt.section}  {debt.name:{width}}  {_units(shown)}" for debt, shown in self.rows)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{text}</th>' for text in ("debt", "section", "what it is", "shown in"))
        body = "".join(
            f'<tr><th scope="row">{html.escape(debt.name)}</th><td class="mldebt-count">{debt.section}</td>'
            f"<td>{html.escape(debt.says)}</td><td>{_links(shown)}</td></tr>"
            for debt, shown in self.rows
        )
        caption = "The debts that Sculley et al. (2015) name"
        return (
            f'{TABLE_STYLE}<div class="mldebt-table"><table><caption>{caption}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def _units(shown: list[str]) -> str:
    return ", ".join(name[:2] for name in shown) or NOT_YET


def _links(shown: list[str]) -> str:
    links = (f'<a href="../notebooks/{name}.ipynb" aria-label="lesson {name}">{name[:2]}</a>' for name in shown)
    return ", ".join(links) or NOT_YET


def catalogue() -> Catalogue:
    """Show every debt that the paper names, what it is, and which lessons show it."""
    headers = {name: units.header(name) for name in units.names()}
    return Catalogue(
        [(debt, [name for name, about in headers.items() if debt.id in about.get("debts", [])]) for debt in named()]
    )

"""The learner's debt register, which grows through the course: `note_debt(...)`, then `debts()`.

It is one file in the learner's own course folder, beside the progress. A debt of the same name is replaced.
"""

import html
import math

from mldebt.check import is_number
from mldebt.lab.feedback import TABLE_STYLE, CourseError
from mldebt.lab.progress import course_folder
from mldebt.lab.store import Store

FILE = "register.json"
HEADS = ("debt", "where", "principal (days)", "interest (days a month)", "pays back after (months)")

Entry = dict[str, str | float]


class Register:
    """The debts that a learner has noted, in the order of their first note. Displayed as a table."""

    def __init__(self, entries: dict[str, Entry], warning: str = "") -> None:
        self.entries = entries
        self.warning = warning

    def rows(self) -> list[tuple[str, str, str, str, str]]:
        """Return each debt with its principal, its interest, and when the interest has cost as much."""
        return [
            (name, str(debt["where"]), f"{debt['principal']:g}", f"{debt['interest']:g}", _payback(debt))
            for name, debt in self.entries.items()
        ]

    def __repr__(self) -> str:
        if not self.entries:
            return "\n".join(filter(None, ["Your debt register is empty.", self.warning]))
        table = [HEADS, *self.rows()]
        widths = [max(len(row[column]) for row in table) for column in range(len(HEADS))]
        lines = [
            "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
        ]
        return "\n".join(filter(None, [*lines, self.warning]))

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{text}</th>' for text in HEADS)
        body = "".join(
            f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(where)}</td>'
            + "".join(f'<td class="mldebt-count">{number}</td>' for number in numbers)
            + "</tr>"
            for name, where, *numbers in self.rows()
        )
        said = "".join(f"<p>{html.escape(text)}</p>" for text in (self.warning,) if text)
        return (
            f'{TABLE_STYLE}<div class="mldebt-table"><table><caption>Your debt register</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{said}</div>"
        )


def note_debt(name: str, *, where: str, principal: float, interest: float) -> None:
    """Note a debt: where it is, the days that paying it down takes, and the days it costs each month.

    Raises CourseError when the name or the place is no text, or a number of days is none.
    """
    for what, text in (("name", name), ("where", where)):
        if not isinstance(text, str) or not text.strip():
            raise CourseError(f"A debt needs a text as its {what}, and it got {text!r}.")
    for what, days in (("principal", principal), ("interest", interest)):
        if not is_number(days) or not math.isfinite(days) or days < 0:
            raise CourseError(f"The {what} is a number of days, 0 or more, and it got {days!r}.")
    store = _store()
    entries = _read(store)
    entries[name.strip()] = {"where": where.strip(), "principal": float(principal), "interest": float(interest)}
    store.write(FILE, entries)
    print(
        f"Noted: {name.strip()}, in {where.strip()}. Principal {principal:g} days, interest {interest:g} days a month."
    )
    if warning := store.take_warning():
        print(warning)


def debts() -> Register:
    """Show the debts that you have noted so far."""
    store = _store()
    return Register(_read(store), store.take_warning())


_NOWHERE = Store(None)
"""Where work is not the learner's own, what is noted lasts as long as the session."""


def _store() -> Store:
    folder = course_folder()
    return Store(folder / ".mldebt") if folder else _NOWHERE


def _read(store: Store) -> dict[str, Entry]:
    kept = store.read(FILE)
    if kept is None:
        return {}
    if not isinstance(kept, dict) or not all(map(_whole, kept.values())):
        store.set_aside(FILE)
        return {}
    return kept


def _whole(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("where"), str)
        and all(is_number(entry.get(key)) for key in ("principal", "interest"))
    )


def _payback(debt: Entry) -> str:
    principal, interest = float(debt["principal"]), float(debt["interest"])
    return f"{principal / interest:.1f}" if interest else "never"

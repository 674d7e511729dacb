"""Flash cards with spaced repetition: `cards()`, or `cards("03-keep-the-best")` for one lesson's.

The spacing is Leitner's: a card moves one box up when you knew it and back to the first when you did not; a card in
box n comes again after 2 to the power n - 1 sessions. Cards are made from the quizzes of the lessons, never from
graded questions.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from mldebt import units
from mldebt.check.item import Item
from mldebt.lab.exercise import find
from mldebt.lab.feedback import inline
from mldebt.lab.progress import course_folder
from mldebt.lab.quiz import bundle
from mldebt.lab.store import Store

_HERE = Path(__file__).parent
BOXES = 5
FILE = "cards.json"


@dataclass(frozen=True)
class Card:
    """A question and its answer with the memory aid, both as Markdown of one paragraph.

    `below` is what the question is about, line by line: its code, or what there is to choose from.
    """

    id: str
    front: str
    back: str
    below: str = ""


def deck(names: Sequence[str] | None = None) -> list[Card]:
    """Make a card of every quiz question in these lessons, or in all. Raises CourseError for an unknown unit."""
    cards = []
    for name in units.names() if names is None else names:
        for group, items in find(name).quizzes.items():
            if group != "exercise":
                cards += [_card(f"{name}/{group}/{item.id}", item) for item in items]
    return cards


def _card(id: str, item: Item) -> Card:
    below = item.code.splitlines()
    if item.kind == "several":  # it cannot be answered without what there is to choose from
        below += [f"- {option.text}" for option in item.shuffled()]
    return Card(id, item.ask, f"{_answer(item)} Remember: {item.remember}", "\n".join(below))


def _answer(item: Item) -> str:
    if item.kind == "blank":
        return " and ".join(f"`{next(option.text for option in gap if option.right)}`" for gap in item.gaps) + "."
    return " ".join(f"**{option.text}**" for option in item.options if option.right)


def next_box(box: int, knew: bool) -> int:
    """Return the box that a card moves to."""
    return min(box + 1, BOXES) if knew else 1


def is_due(box: int, last: int, session: int) -> bool:
    """Tell whether a card that was last seen in session `last` comes again in this one."""
    return session - last >= 1 << (box - 1)


class Deck:
    """The learner's cards: which box each is in, and which are due in this session."""

    def __init__(self, cards: list[Card], store: Store) -> None:
        self.store = store
        data = store.read(FILE)
        if data is not None and not _well_formed(data):
            store.set_aside(FILE)
            data = None
        self.session: int = (data["session"] if data else 0) + 1
        self.boxes: dict[str, list[int]] = data["boxes"] if data else {}
        # A card that was never seen comes first, then the lower boxes.
        self.due = sorted((card for card in cards if self._due(card)), key=self._box)

    def _box(self, card: Card) -> int:
        return self.boxes.get(card.id, [0, 0])[0]

    def _due(self, card: Card) -> bool:
        if card.id not in self.boxes:
            return True
        box, last = self.boxes[card.id]
        return is_due(box, last, self.session)

    def answer(self, knew: bool) -> int:
        """Move the card on top to its next box and return that box. A card not known comes again at the end."""
        card = self.due.pop(0)
        box = next_box(max(self._box(card), 1), knew)
        self.boxes[card.id] = [box, self.session]
        if not knew:
            self.due.append(card)
        self.store.write(FILE, {"session": self.session, "boxes": self.boxes})
        return box


def _well_formed(data: Any) -> bool:
    if not isinstance(data, dict) or type(data.get("session")) is not int or not isinstance(data.get("boxes"), dict):
        return False
    return all(
        isinstance(entry, list) and len(entry) == 2 and all(type(n) is int for n in entry) and 1 <= entry[0] <= BOXES
        for entry in data["boxes"].values()
    )


class CardsWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """The card on top, its back once it was asked for, and what became of the last one."""

    _esm = _HERE / "cards.js"
    _css = _HERE / "quiz.css"
    label = traitlets.Unicode("Flash cards").tag(sync=True)
    front = traitlets.Unicode().tag(sync=True)
    back = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)

    def __init__(self, deck: Deck) -> None:
        super().__init__()
        self._deck = deck
        self.on_msg(lambda widget, content, buffers: self.hear(content.get("word", "")))
        due = len(deck.due)
        self._show(f"{due} card{' is' if due == 1 else 's are'} due today.")

    def hear(self, word: str) -> None:
        """React to a button: `show`, `knew` or `not`."""
        if not self._deck.due:
            return
        if word == "show":
            self.back = f"<p>{inline(self._deck.due[0].back)}</p>"
        elif self.back and word in ("knew", "not"):
            box = self._deck.answer(word == "knew")
            again = "at the end of today's cards" if word == "not" else f"in {2 ** (box - 1)} sessions"
            self._show(
                f"That card comes again {again.replace('1 sessions', '1 session')}. Left: {len(self._deck.due)}."
            )

    def _show(self, status: str) -> None:
        card = self._deck.due[0] if self._deck.due else None
        done = "" if card else " All done for this session. Run the cell again when you come back."
        with self.hold_sync():
            self.back = ""
            self.front = _front(card) if card else ""
            self.status = " ".join(filter(None, [status + done, self._deck.store.take_warning()]))


def _front(card: Card) -> str:
    return inline(card.front) + (f"<pre>{html.escape(card.below)}</pre>" if card.below else "")


class Cards:
    """Flash cards to be displayed. As text they are the fronts, whatever the learner has done so far."""

    def __init__(self, cards: list[Card], folder: Path | None) -> None:
        self._cards = cards
        self._folder = folder

    def __repr__(self) -> str:
        lines = [f"{len(self._cards)} flash cards."]
        for card in self._cards[:1]:
            lines += [f"The first: {card.front}", *(f"       {line}".rstrip() for line in card.below.splitlines())]
        return "\n".join([*lines, "Run this cell in JupyterLab to turn them."])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return bundle(repr(self), CardsWidget(Deck(self._cards, Store(self._folder))))


def cards(unit_or_units: str | Sequence[str] | None = None) -> Cards:
    """Show the flash cards of one unit, of several, or of the whole course.

    Which are due is kept in the learner's own folder. Raises CourseError for an unknown unit.
    """
    folder = course_folder()
    names = [unit_or_units] if isinstance(unit_or_units, str) else unit_or_units
    return Cards(deck(names), folder / ".mldebt" if folder else None)

"""How a response to a quiz question is judged, and what is said of it.

The same judgement serves the quiz on the screen and the graded code cell.
"""

import ast
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from mldebt.check.answer import Answer
from mldebt.check.compare import is_number
from mldebt.check.item import LETTERS, Item
from mldebt.check.outcome import BrokeError, Verdict, right, wrong
from mldebt.check.question import Question

NOT_A_LETTER = "not-a-letter"
NOT_A_NUMBER = "not-a-number"
NOT_THE_GAPS = "not-the-gaps"
INCOMPLETE = "incomplete"
OTHER = "other"


@dataclass(frozen=True)
class Mark:
    """How a response was judged. `notes` say why, for each option chosen or gap filled."""

    right: bool
    misconception: str | None
    notes: tuple[str, ...]


def mark(item: Item, response: object, seed: int = 0) -> Mark:
    """Judge a response: a letter, letters, a number, or a text per gap. A wrong type is a misconception too."""
    judges = {"choice": _mark_choice, "several": _mark_choice, "number": _mark_number, "blank": _mark_blank}
    return judges[item.kind](item, response, seed)


def letters_of(response: object) -> list[str] | None:
    """Read the letters of a response, sorted and each once; None where it is of a kind that holds none."""
    parts: Iterable[Any]
    if isinstance(response, str):
        parts = response.replace(",", " ").replace(".", " ").split()
        parts = [letter for part in parts for letter in part] if all(len(p) <= 4 for p in parts) else ["?"]
    elif isinstance(response, list | tuple | set | frozenset):
        parts = response
    else:
        return None
    letters = sorted({part.strip().upper() if isinstance(part, str) else "?" for part in parts})
    return letters or None


def _mark_choice(item: Item, response: object, seed: int) -> Mark:
    options = item.shuffled(seed)
    known = item.letters[: len(options)]
    letters = letters_of(response)
    single = item.kind == "choice"
    if not letters or any(len(x) != 1 or x not in known for x in letters) or (single and len(letters) != 1):
        which = f"from {known[0]} to {known[-1]}" if known in LETTERS else f"of {', '.join(known)}"
        example = f'one letter {which} in quotes, like `"{known[0]}"`'
        if not single:
            example = f'all letters that apply, {which}, in quotes, like `"{known[:2]}"`'
        return Mark(False, NOT_A_LETTER, (f"Answer with {example}.",))
    chosen = [options[known.index(letter)] for letter in letters]
    mistakes = [option for option in chosen if not option.right]
    if mistakes:
        return Mark(False, mistakes[0].confuses, tuple(option.why for option in mistakes))
    if len(chosen) < sum(option.right for option in options):
        note = "All that you chose is right, and something is missing. Look at the other options once more."
        return Mark(False, INCOMPLETE, (note,))
    return Mark(True, None, tuple(option.why for option in chosen))


def _number(text: str) -> float:
    """Read a number as people write it: 2,400 and 2 400 are thousands, 2,4 has a decimal comma."""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}([, ]\d{3})+(\.\d+)?", text):
        return float(text.replace(",", "").replace(" ", ""))
    return float(text.replace(",", "."))


def _mark_number(item: Item, response: object, seed: int) -> Mark:
    if isinstance(response, str):
        text = str(response)
        try:
            response = _number(text.strip())
        except ValueError:
            return Mark(False, NOT_A_NUMBER, (f"Answer with a number, not with {text[:40]!r}.",))
    try:
        value = float(cast(float, response)) if is_number(response) else math.nan
    except OverflowError:  # an integer beyond all floats
        value = math.inf
    if not math.isfinite(value):
        return Mark(False, NOT_A_NUMBER, ("Answer with a number.",))
    # The right value comes first, so that a wide tolerance of it wins over a foreseen mistake.
    for option in sorted(item.options, key=lambda option: not option.right):
        if abs(value - float(option.text)) <= item.tolerance + 1e-9:
            return Mark(option.right, None if option.right else option.confuses, (option.why,))
    return Mark(False, OTHER, (f"{value:g} is not it. Work through it once more, one step at a time.",))


def _mark_blank(item: Item, response: object, seed: int) -> Mark:
    texts = [response] if isinstance(response, str) else response
    if (
        not isinstance(texts, list | tuple)
        or len(texts) != len(item.gaps)
        or not all(isinstance(text, str | int | float) for text in texts)
    ):
        count = len(item.gaps)
        return Mark(False, NOT_THE_GAPS, (f"Answer with a list of {count} texts, one for each gap, in order.",))
    notes, first = [], None
    for number, (given, accepted) in enumerate(zip(texts, item.gaps, strict=True), 1):
        text = str(given)
        option = next((option for option in accepted if _plain(option.text) == _plain(text)), None)
        if option is None:
            first = first or OTHER
            notes.append(f"Gap {number}: {text[:40]!r} does not do it." if text.strip() else f"Gap {number} is empty.")
        elif not option.right:
            first = first or option.confuses
            notes.append(f"Gap {number}: {option.why}")
    if first is None:
        return Mark(True, None, tuple(next(o.why for o in gap if o.right) for gap in item.gaps))
    return Mark(False, first, tuple(notes))


def _plain(code: str) -> str:
    """Bring code into one layout, so that spaces and the kind of quotes do not matter."""
    if len(code) > 1000:  # no gap takes that much, and a parser has limits
        return code
    try:
        return ast.unparse(ast.parse(code.strip(), mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "".join(code.split())


@dataclass(frozen=True)
class InQuiz:
    """A question of `checks.py` that stands in `quiz.yaml`, group `exercise`, and is answered in a code cell."""

    key: str
    makes: str
    points: float = 1.0
    hints: tuple[str, ...] = ()


def _response(item: Item, answer: Answer, name: str) -> object:
    """Return the learner's response; a letter without quotes is a name that nobody made, and is told so."""
    try:
        return answer.value(name)
    except BrokeError as error:
        bare = re.search(r"NameError: name '([A-Za-z]{1,8})' is not defined", str(error))
        if bare is None or not item.lettered or not set(bare[1].upper()) <= set(item.letters):
            raise
        raise BrokeError(f'{error} Put the answer in quotes: `{name} = "{bare[1].upper()}"`.', error.line) from None


def in_quiz(key: str, *, makes: str, points: float = 1.0, hints: Sequence[str] = ()) -> Any:
    """Take a question from `quiz.yaml`. Without hints it gets two: the memory aid and the first worked step."""
    return InQuiz(key, makes, points, tuple(hints))


def graded(item: Item, entry: InQuiz, id: str) -> Question:
    """Make a quiz question a question of an exercise, answered by setting a name in a code cell."""

    def check(answer: Answer, draw: Random) -> Verdict:
        judged = mark(item, _response(item, answer, entry.makes))
        return right() if judged.right else wrong(judged.misconception or OTHER, why=" ".join(judged.notes))

    own = [option.confuses for option in item.options if not option.right]
    own += [option.confuses for gap in item.gaps for option in gap if not option.right]
    general = {
        "choice": [NOT_A_LETTER],
        "several": [NOT_A_LETTER, INCOMPLETE],
        "number": [NOT_A_NUMBER, OTHER],
        "blank": [NOT_THE_GAPS, OTHER],
    }[item.kind]
    praise = " ".join([*item.steps, f"Remember: {item.remember}"])
    return Question(
        title=item.ask,
        check=check,
        makes=(entry.makes,),
        points=entry.points,
        hints=entry.hints or (f"A memory aid: {item.remember}", f"The first step: {item.steps[0]}"),
        misconceptions=dict.fromkeys([*own, *general], "{why}"),
        praise=praise,
        id=id,
        item=item,
        solution=f"{entry.makes} = {_right_response(item)}\n",
    )


def _right_response(item: Item) -> str:
    """Write the right response as Python."""
    if item.kind == "number":
        return next(option.text for option in item.options if option.right)
    if item.kind == "blank":
        return repr([next(option.text for option in gap if option.right) for gap in item.gaps])
    letters = [item.letters[at] for at, option in enumerate(item.shuffled()) if option.right]
    return '"' + "".join(letters) + '"'

"""Quiz questions: what they ask, how a response is judged, and what is said about each option.

Four kinds: `choice` (one option), `several` (all that apply), `number` (within a tolerance) and `blank` (fill in
the gaps of a line of code). The same judgement serves the quiz on the screen and the graded code cell.
"""

import ast
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from mldebt.check.answer import Answer
from mldebt.check.compare import is_number
from mldebt.check.outcome import Verdict, right, wrong
from mldebt.check.question import Question

LETTERS = "ABCDEFGH"
KINDS = ("choice", "several", "number", "blank")
LEVELS = ("easy", "medium", "hard")

NOT_A_LETTER = "not-a-letter"
NOT_A_NUMBER = "not-a-number"
NOT_THE_GAPS = "not-the-gaps"
INCOMPLETE = "incomplete"
OTHER = "other"


class QuizError(ValueError):
    """A question of `quiz.yaml` is not well formed. The message names it."""


@dataclass(frozen=True)
class Option:
    """One option of a choice, or one foreseen value of a number or a gap."""

    text: str
    right: bool
    why: str
    confuses: str = ""


@dataclass(frozen=True)
class Item:
    """One quiz question. `options` holds the options; of a number the right value and its foreseen mistakes.

    `gaps` holds, for a blank, what may stand in each gap. `steps` are the worked explanation, `remember` the
    memory aid, `lesson` the unit that teaches it.
    """

    id: str
    kind: str
    level: str
    ask: str
    options: tuple[Option, ...]
    steps: tuple[str, ...]
    remember: str
    code: str = ""
    gaps: tuple[tuple[Option, ...], ...] = ()
    tolerance: float = 0.0
    lesson: str = ""

    def shuffled(self, seed: int = 0) -> list[Option]:
        """Return the options in the order in which `seed` shows them: A, B, C and so on."""
        return Random(f"{seed}/{self.id}").sample(self.options, len(self.options))


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


def _letters(response: object) -> list[str] | None:
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
    known = LETTERS[: len(options)]
    letters = _letters(response)
    single = item.kind == "choice"
    if not letters or any(len(x) != 1 or x not in known for x in letters) or (single and len(letters) != 1):
        example = f'one letter from {known[0]} to {known[-1]} in quotes, like `"{known[0]}"`'
        if not single:
            example = f'all letters that apply, from {known[0]} to {known[-1]}, in quotes, like `"{known[:2]}"`'
        return Mark(False, NOT_A_LETTER, (f"Answer with {example}.",))
    chosen = [options[known.index(letter)] for letter in letters]
    mistakes = [option for option in chosen if not option.right]
    if mistakes:
        return Mark(False, mistakes[0].confuses, tuple(option.why for option in mistakes))
    if len(chosen) < sum(option.right for option in options):
        note = "All that you chose is right, and something is missing. Look at the other options once more."
        return Mark(False, INCOMPLETE, (note,))
    return Mark(True, None, tuple(option.why for option in chosen))


def _mark_number(item: Item, response: object, seed: int) -> Mark:
    if isinstance(response, str):
        try:
            response = float(response.strip().replace(",", "."))
        except ValueError:
            return Mark(False, NOT_A_NUMBER, (f"Answer with a number, not with {response!r}.",))
    if not is_number(response) or not math.isfinite(cast(float, response)):
        return Mark(False, NOT_A_NUMBER, ("Answer with a number.",))
    value = float(cast(float, response))
    # The right value comes first, so that a wide tolerance of it wins over a foreseen mistake.
    for option in sorted(item.options, key=lambda option: not option.right):
        if abs(value - float(option.text)) <= item.tolerance + 1e-9:
            return Mark(option.right, None if option.right else option.confuses, (option.why,))
    return Mark(False, OTHER, (f"{value:g} is not it. Work through it once more, one step at a time.",))


def _mark_blank(item: Item, response: object, seed: int) -> Mark:
    texts = [response] if isinstance(response, str) else response
    if not isinstance(texts, list | tuple) or len(texts) != len(item.gaps):
        count = len(item.gaps)
        return Mark(False, NOT_THE_GAPS, (f"Answer with a list of {count} texts, one for each gap, in order.",))
    notes, first = [], None
    for number, (text, accepted) in enumerate(zip(texts, item.gaps, strict=True), 1):
        option = next((option for option in accepted if _plain(option.text) == _plain(str(text))), None)
        if option is None:
            first = first or OTHER
            notes.append(f"Gap {number}: {str(text)!r} does not do it." if str(text) else f"Gap {number} is empty.")
        elif not option.right:
            first = first or option.confuses
            notes.append(f"Gap {number}: {option.why}")
    if first is None:
        return Mark(True, None, tuple(next(o.why for o in gap if o.right) for gap in item.gaps))
    return Mark(False, first, tuple(notes))


def _plain(code: str) -> str:
    """Bring code into one layout, so that spaces and the kind of quotes do not matter."""
    try:
        return ast.unparse(ast.parse(code.strip(), mode="eval"))
    except SyntaxError:
        return "".join(code.split())


@dataclass(frozen=True)
class InQuiz:
    """A question of `checks.py` that stands in `quiz.yaml`, group `exercise`, and is answered in a code cell."""

    key: str
    makes: str
    points: float = 1.0
    hints: tuple[str, ...] = ()


def in_quiz(key: str, *, makes: str, points: float = 1.0, hints: Sequence[str] = ()) -> Any:
    """Take a question from `quiz.yaml`. Without hints it gets two: the memory aid and the first worked step."""
    return InQuiz(key, makes, points, tuple(hints))


def graded(item: Item, entry: InQuiz, id: str) -> Question:
    """Make a quiz question a question of an exercise, answered by setting a name in a code cell."""

    def check(answer: Answer, draw: Random) -> Verdict:
        judged = mark(item, answer.value(entry.makes))
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
    )


def shown(item: Item, seed: int = 0) -> str:
    """Write the question as plain text, options in the order of `seed`, without any answer."""
    lines = [item.ask]
    if item.code:
        lines += ["", *(f"    {line}" for line in item.code.splitlines())]
    if item.kind in ("choice", "several"):
        lines += ["", *(f"  {LETTERS[at]}. {option.text}" for at, option in enumerate(item.shuffled(seed)))]
    return "\n".join(lines)


def read_items(data: object) -> list[Item]:
    """Read the questions of one group of `quiz.yaml`. Raises QuizError naming the question that is at fault."""
    if not isinstance(data, list):
        raise QuizError("a group of quiz.yaml is a list of questions")
    items = [_read(entry, number) for number, entry in enumerate(data, 1)]
    repeated = {item.id for item in items if [other.id for other in items].count(item.id) > 1}
    if repeated:
        raise QuizError(f"question {sorted(repeated)[0]!r} is there twice")
    return items


def _read(entry: object, number: int) -> Item:
    if not isinstance(entry, dict) or not entry.get("id"):
        raise QuizError(f"question {number} has no id")
    name = f"question {entry['id']!r}"
    kind = entry.get("kind", "choice")
    unknown = set(entry) - {
        *("id", "kind", "level", "ask", "options", "steps", "remember"),
        *("code", "gaps", "tolerance", "lesson"),
    }
    if unknown:
        raise QuizError(f"{name} has an unknown field {sorted(unknown)[0]!r}")
    if kind not in KINDS:
        raise QuizError(f"{name} is of no known kind: {kind!r}")
    if entry.get("level") not in LEVELS:
        raise QuizError(f"{name} needs a level: easy, medium or hard")
    missing = [part for part in ("ask", "steps", "remember") if not entry.get(part)]
    if missing:
        raise QuizError(f"{name} lacks {missing[0]!r}")
    options = tuple(_option(option, name) for option in entry.get("options", []))
    gaps = tuple(tuple(_option(option, name) for option in gap) for gap in entry.get("gaps", []))
    rights = sum(option.right for option in options)
    if kind == "blank":
        if not gaps or entry.get("code", "").count("___") != len(gaps):
            raise QuizError(f"{name} needs as many gaps as its code has ___")
        if not all(any(option.right for option in gap) for gap in gaps):
            raise QuizError(f"{name} has a gap without a right filling")
    elif kind == "several":
        if not 2 <= rights < len(options):
            raise QuizError(f"{name} needs two or more right options and a wrong one")
    elif rights != 1:
        raise QuizError(f"{name} needs exactly one right option")
    return Item(
        id=entry["id"],
        kind=kind,
        level=entry["level"],
        ask=str(entry["ask"]).strip(),
        options=options,
        steps=tuple(str(step) for step in entry["steps"]),
        remember=str(entry["remember"]).strip(),
        code=str(entry.get("code", "")).rstrip(),
        gaps=gaps,
        tolerance=float(entry.get("tolerance", 0.0)),
        lesson=str(entry.get("lesson", "")),
    )


def _option(entry: object, name: str) -> Option:
    if not isinstance(entry, dict) or ("right" in entry) == ("wrong" in entry):
        raise QuizError(f"{name} has an option that is neither 'right' nor 'wrong'")
    if not entry.get("why"):
        raise QuizError(f"{name} has an option without 'why'")
    if "wrong" in entry and not entry.get("confuses"):
        raise QuizError(f"{name} has a wrong option that names no misconception ('confuses')")
    text = str(entry["right"] if "right" in entry else entry["wrong"])
    return Option(text, "right" in entry, str(entry["why"]).strip(), str(entry.get("confuses", "")))

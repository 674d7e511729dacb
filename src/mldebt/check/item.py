"""Quiz questions: what they hold, and how `quiz.yaml` is read.

Four kinds: `choice` (one option), `several` (all that apply), `number` (within a tolerance) and `blank` (fill in
the gaps of a line of code).
"""

import math
from dataclasses import dataclass
from random import Random

from mldebt.check.compare import is_number

LETTERS = "ABCDEFGH"
LETTERED = ("choice", "several")
KINDS = (*LETTERED, "number", "blank")
LEVELS = ("easy", "medium", "hard")


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
    memory aid, `lesson` the unit that teaches it. `letters` name the options in the order in which they are shown,
    which `mix` changes: each learner's variant has its own.
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
    letters: str = LETTERS
    mix: str = ""

    @property
    def lettered(self) -> bool:
        """Tell whether it is answered with the letters of options."""
        return self.kind in LETTERED

    def shuffled(self, seed: int = 0) -> list[Option]:
        """Return the options in the order in which `seed` shows them: A, B, C and so on."""
        return Random(f"{seed}/{self.mix}{self.id}").sample(self.options, len(self.options))


def shown(item: Item, seed: int = 0) -> str:
    """Write the question as plain text, options in the order of `seed`, without any answer."""
    lines = [item.ask]
    if item.code:
        lines += ["", *(f"    {line}" for line in item.code.splitlines())]
    if item.lettered:
        lines += ["", *(f"  {item.letters[at]}. {option.text}" for at, option in enumerate(item.shuffled(seed)))]
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
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"]:
        raise QuizError(f"question {number} has no id, or one that is no text")
    name = f"question {entry['id']!r}"
    kind = entry.get("kind", "choice")
    unknown = set(entry) - {
        *("id", "kind", "level", "ask", "options", "steps", "remember"),
        *("code", "gaps", "tolerance", "lesson", "letters", "mix"),
    }
    if unknown:
        raise QuizError(f"{name} has an unknown field {min(map(str, unknown))!r}")
    if kind not in KINDS:
        raise QuizError(f"{name} is of no known kind: {kind!r}")
    if entry.get("level") not in LEVELS:
        raise QuizError(f"{name} needs a level: easy, medium or hard")
    missing = [part for part in ("ask", "steps", "remember") if not entry.get(part)]
    if missing:
        raise QuizError(f"{name} lacks {missing[0]!r}")
    lists = [entry["steps"], entry.get("options", []), entry.get("gaps", [])]
    if not all(isinstance(part, list) for part in [*lists, *(lists[2] if isinstance(lists[2], list) else [])]):
        raise QuizError(f"{name} needs lists as its steps, options and gaps")
    options = tuple(_option(option, name) for option in lists[1])
    gaps = tuple(tuple(_option(option, name) for option in gap) for gap in lists[2])
    tolerance = entry.get("tolerance", 0.0)
    if not is_number(tolerance) or not 0 <= tolerance < math.inf:
        raise QuizError(f"{name} needs a number as its tolerance")
    rights = sum(option.right for option in options)
    if kind == "blank":
        if not gaps or str(entry.get("code", "")).count("___") != len(gaps):
            raise QuizError(f"{name} needs as many gaps as its code has ___")
        if not all(any(option.right for option in gap) for gap in gaps):
            raise QuizError(f"{name} has a gap without a right filling")
    elif kind == "several":
        if not 2 <= rights < len(options):
            raise QuizError(f"{name} needs two or more right options and a wrong one")
    elif rights != 1:
        raise QuizError(f"{name} needs exactly one right option")
    elif kind == "number":
        _numbers(options, name)
    elif len(options) < 2:
        raise QuizError(f"{name} needs a wrong option")
    if kind in LETTERED:
        if len(options) > len(LETTERS):
            raise QuizError(f"{name} has more than {len(LETTERS)} options")
        if len({option.text for option in options}) < len(options):
            raise QuizError(f"{name} has the same option twice")
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
        tolerance=float(tolerance),
        lesson=str(entry.get("lesson", "")),
        letters=str(entry.get("letters", LETTERS)),
        mix=str(entry.get("mix", "")),
    )


def _option(entry: object, name: str) -> Option:
    if not isinstance(entry, dict) or ("right" in entry) == ("wrong" in entry):
        raise QuizError(f"{name} has an option that is neither 'right' nor 'wrong'")
    if not entry.get("why"):
        raise QuizError(f"{name} has an option without 'why'")
    if "wrong" in entry and not entry.get("confuses"):
        raise QuizError(f"{name} has a wrong option that names no misconception ('confuses')")
    text = entry["right"] if "right" in entry else entry["wrong"]
    if isinstance(text, bool) or not isinstance(text, str | int | float) or text == "":
        raise QuizError(f"{name} has an option {text!r} that is no text; put it in quotes")
    return Option(str(text), "right" in entry, str(entry["why"]).strip(), str(entry.get("confuses", "")))


def _numbers(options: tuple[Option, ...], name: str) -> None:
    for option in options:
        try:
            finite = math.isfinite(float(option.text))
        except ValueError:
            finite = False
        if not finite:
            raise QuizError(f"{name} is a number, and its option {option.text!r} is none")

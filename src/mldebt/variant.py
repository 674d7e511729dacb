"""A learner's own variant of a unit: other names, values and worlds, options in another order under other letters.

A unit's `variants.py` says what may be written in place of what. A variant is a copy of the unit's folder in which that
was done, so the exercise, its checks and its bank of attempts change together, and everything that reads a unit reads
a variant. An id decides all of it; without the seed of a release nobody can tell whose id is whose.
"""

import ast
import hashlib
import hmac
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import yaml

from mldebt import units
from mldebt.check.answer import Answer
from mldebt.check.item import LETTERS, Item
from mldebt.check.outcome import BrokeError, NotAttemptedError, TimedOutError, Verdict, wrong
from mldebt.check.question import Question
from mldebt.check.quiz import letters_of
from mldebt.units import PUBLIC, Unit, UnitError

ANOTHER = "another-variant"
MESSAGE = (
    "This answers another variant of the exercise: `{found}` does not belong to yours. Read what your own notebook "
    "asks for, and answer that."
)
_VARIED = ("exercise.md", "checks.py", "quiz.yaml", "attempts.md")
_OTHERS = "JKMNPQRSTUVWXYZ"  # letters that the public options do not have, and that look like no digit
_DRAWS = 100  # variants that are looked at to know what others may have been given
_LEAST = 3  # values of others, and none of one's own, before an answer counts as another's

Words = Mapping[str, str]


def new_id(seed: str, learner: str) -> str:
    """Return the id of a learner's variants, one for all units. It tells nothing of the seed, nor of other ids.

    It is an HMAC (RFC 2104) of the learner with the seed as its key.
    """
    return hmac.new(seed.encode(), learner.encode(), hashlib.sha256).hexdigest()[:16]


def is_id(text: object) -> bool:
    """Tell whether a text is the id of a variant."""
    return isinstance(text, str) and (text == PUBLIC or re.fullmatch(r"[0-9a-f]{16}", text) is not None)


@cache
def load(name: str, id: str = PUBLIC, folder: Path = units.FOLDER) -> Unit:
    """Load a learner's variant of a unit. Raises UnitError like `units.load`, and when the result is no unit."""
    public = units.load(name, folder)
    if id == PUBLIC:
        return public
    with tempfile.TemporaryDirectory(prefix="mldebt-variant-") as place:
        unit = units.load(name, write(name, id, Path(place), folder))
    foreign = others(name, id, folder)
    questions = {key: _guarded(question, foreign) for key, question in unit.questions.items()}
    return replace(unit, questions=questions)


def write(name: str, id: str, place: Path, folder: Path = units.FOLDER) -> Path:
    """Write a variant of a unit's folder below `place`, which is returned: a folder of units that holds this one."""
    source, target = folder / name.replace("-", "_"), place / name.replace("-", "_")
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    given = words(name, id, folder)
    for part in _VARIED:
        path = target / part
        path.write_text(rewrite(path.read_text(encoding="utf-8"), given), encoding="utf-8")
    public = units.load(name, folder)
    for part, change in (("quiz.yaml", _mix), ("attempts.md", _relabel), ("exercise.md", _example)):
        path = target / part
        path.write_text(change(path.read_text(encoding="utf-8"), id, public), encoding="utf-8")
    return place


@cache
def words(name: str, id: str, folder: Path = units.FOLDER) -> Words:
    """Return what a variant writes in place of what; nothing where the unit has no `variants.py`."""
    path = folder / name.replace("-", "_") / "variants.py"
    if id == PUBLIC or not path.is_file():
        return {}
    vary = units.module(path).vary
    try:
        found: dict[str, str] = dict(vary(Random(id)))
    except Exception as error:
        raise UnitError(f"{path}: {type(error).__name__}: {error}") from error
    return {old: new for old, new in found.items() if old != new}


def varies(name: str, folder: Path = units.FOLDER) -> bool:
    """Tell whether a unit has variants beyond the order of its options."""
    return (folder / name.replace("-", "_") / "variants.py").is_file()


def rewrite(text: str, given: Words) -> str:
    """Write new words in place of old ones, all at once, each only where it stands by itself: `max`, not `max_3`."""
    if not given:
        return text
    each = "|".join(_alone(word) for word in sorted(given, key=len, reverse=True))
    return re.sub(each, lambda found: given[found[0]], text)


def _alone(word: str) -> str:
    """Return the pattern of a word that stands by itself."""
    before = r"(?<![\w.])" if re.match(r"\w", word) else ""
    after = r"(?!\w|\.\d)" if re.search(r"\w$", word) else ""
    return f"{before}{re.escape(word)}{after}"


@cache
def _varying(name: str, folder: Path) -> frozenset[str]:
    """Return the public words of a unit's exercise that are others in some variant."""
    text = (folder / name.replace("-", "_") / "exercise.md").read_text(encoding="utf-8")
    public = {old for id in _drawn() for old in words(name, id, folder)}
    return frozenset(re.findall("|".join(map(_alone, public)) or "(?!)", text))


def _drawn() -> list[str]:
    """Return ids of variants that anybody might have been given."""
    return [f"{number:016x}" for number in range(_DRAWS)]


def _used(name: str, id: str, folder: Path) -> set[str]:
    """Return what a variant's exercise has in place of the words that vary."""
    given = words(name, id, folder)
    return {given.get(word, word) for word in _varying(name, folder)}


@cache
def _pool(name: str, folder: Path) -> frozenset[str]:
    """Return the words that many variants' exercises have, the public one's among them."""
    return frozenset().union(*(_used(name, id, folder) for id in (PUBLIC, *_drawn())))


def others(name: str, id: str, folder: Path = units.FOLDER) -> frozenset[str]:
    """Return the words of other variants' exercises, the public one's among them, that this one does not have."""
    return _pool(name, folder) - _used(name, id, folder)


def letters(id: str, item: Item) -> str:
    """Return the letters of a variant's options, in the order of the alphabet."""
    return "".join(sorted(Random(f"{id}/{item.id}").sample(_OTHERS, len(item.options))))


def _mix(text: str, id: str, public: Unit) -> str:
    """Give the graded questions of `quiz.yaml` another order of their options, and other letters."""
    data = yaml.safe_load(text)
    asked = {question.item.id: question.item for question in public.questions.values() if question.item}
    for entry in data.get("exercise", []):
        if entry["id"] in asked and asked[entry["id"]].lettered:
            entry["letters"], entry["mix"] = letters(id, asked[entry["id"]]), id
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def _relabel(text: str, id: str, public: Unit) -> str:
    """Give the attempts at graded questions the letters that their options have now."""
    parts = re.split(r"^(# \w+)$", text, flags=re.MULTILINE)
    for at in range(1, len(parts), 2):
        item = public.questions[parts[at][2:]].item
        if item is None or not item.lettered:
            continue
        order = replace(item, mix=id).shuffled()
        moved = {LETTERS[old]: letters(id, item)[order.index(option)] for old, option in enumerate(item.shuffled())}
        moved |= {old.lower(): new.lower() for old, new in moved.items()}
        parts[at + 1] = re.sub(
            r"""(["'])[\sA-Ha-h,.]+\1""",
            lambda found, moved=moved: "".join(moved.get(letter, letter) for letter in found[0]),
            parts[at + 1],
        )
    return "".join(parts)


def _example(text: str, id: str, public: Unit) -> str:
    """Let the example of an answer be a letter that there is, and not that of the right one."""
    for question in public.questions.values():
        if question.item is not None and question.item.lettered:
            options = zip(letters(id, question.item), replace(question.item, mix=id).shuffled(), strict=True)
            wrong_one = next(letter for letter, option in options if not option.right)
            text = re.sub(rf'({question.makes[0]} = )"[A-H]"', rf'\1"{wrong_one}"', text)
    return text


def _guarded(question: Question, foreign: frozenset[str]) -> Question:
    """Let an answer that is not right, and is made of another variant's words, be told so."""

    def check(answer: Answer, draw: Random) -> Verdict:
        problem: NotAttemptedError | BrokeError | None = None
        verdict = None
        try:
            verdict = question.check(answer, draw)
        except TimedOutError:
            raise
        except (NotAttemptedError, BrokeError) as error:
            problem = error
        if verdict is None or verdict.misconception is not None:
            found = _letter(question, answer) or _foreign(answer, foreign)
            if found:
                return wrong(ANOTHER, found=found)
        if problem is not None:
            raise problem
        assert verdict is not None
        return verdict

    return replace(question, check=check, misconceptions={**question.misconceptions, ANOTHER: MESSAGE})


def _letter(question: Question, answer: Answer) -> str:
    """Return the letter of an option that this variant does not have."""
    if question.item is None or not question.item.lettered:
        return ""
    try:
        given = letters_of(answer.value(question.makes[0])) or []
    except (NotAttemptedError, BrokeError):
        return ""
    if not set(given) <= {*LETTERS, *_OTHERS}:
        return ""
    return next((letter for letter in given if letter not in question.item.letters), "")


def _foreign(answer: Answer, foreign: frozenset[str]) -> str:
    """Return a word that makes an answer another variant's: a name, or one of several values and none of one's own."""
    try:
        text = ast.unparse(answer.source())
    except (NotAttemptedError, BrokeError):
        return ""
    found = [word for word in foreign if re.search(_alone(word), text)]
    names = sorted(bare for word in found if (bare := word.rstrip("( =")).isidentifier())
    return names[0] if names else sorted(found)[0] if len(found) >= _LEAST else ""

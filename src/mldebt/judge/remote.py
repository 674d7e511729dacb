"""The second `Answer`: the learner's work across a process boundary."""

import ast
from collections.abc import Mapping
from typing import Any

from mldebt.check.answer import SECONDS, Call
from mldebt.check.outcome import BrokeError, NotAttemptedError
from mldebt.judge.session import RoomDiedError, Session
from mldebt.wire import Opaque, WireError, decode, encode
from mldebt.wire.tree import decode_tree

MOST_TEXT = 300
"""Characters that a learner's own text may take in a message."""


class RemoteAnswer:
    """An answer in a room. Values arrive as plain data; what a method of `Answer` raises, it raises here too.

    `own` is the place of the question's own cell among the cells that ran.
    """

    def __init__(self, session: Session, own: int | None, given: Mapping[str, Any] | None = None) -> None:
        self._session = session
        self._own = own
        self._given = dict(given or {})

    def given(self, **values: Any) -> "RemoteAnswer":
        """See Answer."""
        return RemoteAnswer(self._session, self._own, {**self._given, **values})

    def value(self, name: str) -> Any:
        """See Answer."""
        return _data(self._ask("value", name))

    def call(self, name: str, *args: Any, **kwargs: Any) -> Call:
        """See Answer."""
        got = _data(self._ask("call", name, args, kwargs))
        if type(got) is tuple and len(got) == 3 and type(got[1]) is str and type(got[2]) is tuple:
            return Call(got[0], got[1], tuple(str(changed) for changed in got[2]))
        raise BrokeError("Your code changed Python so far that no check could run.")

    def evaluate(self, expression: str, **inputs: Any) -> Any:
        """See Answer."""
        return _data(self._ask("evaluate", expression, (), inputs))

    def source(self, name: str | None = None) -> ast.Module:
        """See Answer."""
        try:
            return decode_tree(self._ask("source", name))
        except WireError as error:
            raise BrokeError(f"Your code cannot be read: {error}.") from None

    def printed(self, name: str | None = None) -> str:
        """See Answer."""
        text = _data(self._ask("printed", name))
        return text if type(text) is str else ""

    def _ask(
        self, op: str, name: str | None, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        request = {
            "name": name,
            "own": self._own,
            "given": [[key, encode(value)] for key, value in self._given.items()],
            "arguments": [encode(value) for value in args],
            "keywords": [[key, encode(value)] for key, value in (kwargs or {}).items()],
        }
        try:
            # Each cell that is run again has its own limit inside; this one is for what ignores it.
            reply = self._session.ask(op, 4 * SECONDS, **request)
        except RoomDiedError as error:
            raise BrokeError(f"Your code could not be judged: {error}.") from None
        if "not attempted" in reply:
            raise NotAttemptedError(clean(reply["not attempted"]))
        if "broke" in reply:
            message, line = reply["broke"] if type(reply["broke"]) is list and len(reply["broke"]) == 2 else ("", None)
            raise BrokeError(clean(message), clean(line) if line else None)
        return reply.get("value")


def _data(value: Any) -> Any:
    try:
        return decode(value)
    except WireError as error:
        raise BrokeError(f"Your answer cannot be read: {error}.") from None


def clean(text: Any) -> str:
    """Make a learner's text fit for a message: one line, printable characters, no more than MOST_TEXT."""
    printable = "".join(character if character.isprintable() else " " for character in str(text)[: 4 * MOST_TEXT])
    short = " ".join(printable.split())
    return short if len(short) <= MOST_TEXT else f"{short[: MOST_TEXT - 3]}..."


__all__ = ["Opaque", "RemoteAnswer", "clean"]

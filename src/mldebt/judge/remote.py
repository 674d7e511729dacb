"""The second `Answer`: the learner's work across a process boundary."""

import ast
from collections.abc import Mapping
from typing import Any

from mldebt.check.answer import Call
from mldebt.check.outcome import BrokeError, NotAttemptedError, TimedOutError
from mldebt.check.running import MOST_PRINTED, SECONDS
from mldebt.clean import clean
from mldebt.judge.session import RoomDiedError, RoomTimeoutError, Session
from mldebt.wire import WireError, decode, encode
from mldebt.wire.tree import decode_tree


class RemoteAnswer:
    """An answer in a room. Values arrive as plain data; what a method of `Answer` raises, it raises here too.

    `question` is the id of the question that is judged, by whose marker its own cell is known.
    """

    def __init__(self, session: Session, question: str, given: Mapping[str, Any] | None = None) -> None:
        self._session = session
        self._question = question
        self._given = dict(given or {})

    def given(self, **values: Any) -> "RemoteAnswer":
        """See Answer."""
        return RemoteAnswer(self._session, self._question, {**self._given, **values})

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
        return _tree(self._ask("source", name))

    def program(self, name: str) -> ast.Module:
        """See Answer."""
        return _tree(self._ask("program", name))

    def printed(self, name: str | None = None) -> str:
        """See Answer."""
        text = _data(self._ask("printed", name))
        return text[: MOST_PRINTED + 1] if type(text) is str else ""

    def _ask(
        self, op: str, name: str | None, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        request = {
            "name": name,
            "question": self._question,
            "given": [[key, encode(value)] for key, value in self._given.items()],
            "arguments": [encode(value) for value in args],
            "keywords": [[key, encode(value)] for key, value in (kwargs or {}).items()],
        }
        try:
            # Each cell that is run again has its own limit inside; this one is for what ignores it.
            reply = self._session.ask(op, 4 * SECONDS, **request)
        except RoomTimeoutError as error:
            raise TimedOutError(f"Your code was ended: {error}.") from None
        except RoomDiedError as error:
            raise BrokeError(f"Your code could not be judged: {error}.") from None
        if "not attempted" in reply:
            raise NotAttemptedError(clean(reply["not attempted"]))
        for key, kind in (("timed out", TimedOutError), ("broke", BrokeError)):
            if key in reply:
                message, line = reply[key] if type(reply[key]) is list and len(reply[key]) == 2 else ("", None)
                raise kind(clean(message), clean(line) if line else None)
        return reply.get("value")


def _data(value: Any) -> Any:
    try:
        return decode(value)
    except WireError as error:
        raise BrokeError(f"Your answer cannot be read: {error}.") from None


def _tree(data: Any) -> ast.Module:
    try:
        return decode_tree(data)
    except WireError as error:
        raise BrokeError(f"Your code cannot be read: {error}.") from None

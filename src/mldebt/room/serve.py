"""The learner's side of the wire: runs cells, and answers what the judge asks of their names."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any

from mldebt.check.outcome import BrokeError, NotAttemptedError, TimedOutError
from mldebt.check.running import describe
from mldebt.quiet import quiet
from mldebt.record import Record
from mldebt.room.shell import Nowhere, Shell
from mldebt.wire import MAX_REQUEST, FrameReader, decode, encode, pack
from mldebt.wire.tree import encode_tree

TOO_LONG = "Your code was stopped: it took too long."
LATE = 0.2  # seconds that an interrupt may be under way


class Interrupts:
    """The judge's interrupts. They stop a request that runs; between two requests they are only counted."""

    def __init__(self) -> None:
        self.count = 0
        self.running = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle SIGINT."""
        self.count += 1
        if self.running:
            raise KeyboardInterrupt

    def settle(self, expected: int) -> None:
        """Wait until as many have come as the judge sent, so that none of them falls on the next request."""
        ends = time.monotonic() + LATE
        while self.count < expected and time.monotonic() < ends:
            time.sleep(0.005)


class Room:
    """One submission: its shell, the cells that ran, and the objects that the judge knows by number."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.record = Record(shell)
        self.kept: list[object] = []
        self._quiet = contextlib.ExitStack()
        self._question: str | None = None

    async def run(self, source: str) -> dict[str, Any]:
        """Run a cell as a notebook does, top-level await included. The record notes how it ended."""
        shell = self.shell
        try:
            cell = shell.transform_cell(source)
            problem = None
        except Exception:
            cell, problem = source, sys.exc_info()
        result = await shell.run_cell_async(
            source, store_history=True, transformed_cell=cell, preprocessing_exc_tuple=problem
        )
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
        return {}

    def ask(self, request: dict[str, Any]) -> Any:
        """Carry out one method of `Answer` and return its result as JSON."""
        given = {name: decode(value, self.kept) for name, value in request["given"]}
        answer, name = self.record.answer(request["question"], given), request["name"]
        if request["op"] == "value":
            return self.encode(answer.value(name))
        if request["op"] == "source":
            return encode_tree(answer.source(name))
        if request["op"] == "program":
            return encode_tree(answer.program(name))
        if request["op"] == "printed":
            return self.encode(answer.printed(name))
        inputs = {key: decode(value, self.kept) for key, value in request["keywords"]}
        if request["op"] == "evaluate":
            return self.encode(answer.evaluate(name, **inputs))
        call = answer.call(name, *[decode(value, self.kept) for value in request["arguments"]], **inputs)
        return self.encode((call.value, call.printed, call.changed))

    def _hush(self, question: str) -> None:
        """Begin the quiet of a question, which lasts for its whole check as it does in a notebook."""
        if question != self._question:
            self._quiet.close()
            self._quiet.enter_context(quiet())
            self._question = question

    def close(self) -> None:
        """End the quiet and the record."""
        self._quiet.close()
        self.record.close()

    def encode(self, value: object) -> Any:
        """Write a value; what is no data stays here under a number."""
        return encode(value, self._keep)

    def _keep(self, value: object) -> int:
        self.kept.append(value)
        return len(self.kept)

    async def respond(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out one request, whatever the learner's code raises."""
        try:
            if request["op"] == "run":
                return await self.run(request["source"])
            self._hush(request["question"])
            return {"value": self.ask(request)}
        except NotAttemptedError as error:
            return {"not attempted": str(error)}
        except TimedOutError as error:
            return {"timed out": [str(error), error.line]}
        except BrokeError as error:
            return {"broke": [str(error), error.line]}
        except KeyboardInterrupt:  # the judge's, after the time limit in here did not help
            return {"timed out": [TOO_LONG, None]}
        except BaseException as error:
            return {"broke": [f"Your code stopped with {describe(error)}.", None]}


def serve(shell: Shell, channel: socket.socket, seed: int) -> None:
    """Answer requests until the channel closes. Runs in the child, as its last act.

    `seed` is for the learner's random numbers: no two submissions share them.
    """
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    sys.argv, sys.path[0] = [""], ""
    null = Nowhere(1), Nowhere(2)
    sys.stdout, sys.stderr = null
    vars(sys).update(__stdout__=null[0], __stderr__=null[1])
    interrupts = Interrupts()
    signal.signal(signal.SIGINT, interrupts)
    room, reader = Room(shell), FrameReader(MAX_REQUEST)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    while True:
        data = channel.recv(1 << 16)
        if not data:
            os._exit(0)
        for request in reader.feed(data):
            reply: dict[str, Any] = {}
            if request["op"] == "settle":
                interrupts.settle(request["interrupts"])
            else:
                try:
                    interrupts.running = True
                    reply = loop.run_until_complete(room.respond(request))
                    interrupts.running = False
                except KeyboardInterrupt:  # in the last moment, after the request's own code
                    interrupts.running = False
                    reply = {"timed out": [TOO_LONG, None]}
            channel.sendall(pack({"id": request["id"], **reply}))

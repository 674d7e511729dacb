"""Frames: a length of four bytes, then that many bytes of JSON, which is an object."""

import json
import struct
from collections.abc import Iterator
from typing import Any

MAX_REPLY = 4 << 20
"""Bytes. A larger value does not come out of a submission's process."""
MAX_REQUEST = (1 << 32) - 1
"""Bytes. What a check sends is as large as its author wants: only the length's four bytes are a limit."""


class WireError(Exception):
    """The other side sent something that it may not send."""


def pack(frame: dict[str, Any]) -> bytes:
    """Write a frame."""
    data = json.dumps(frame, separators=(",", ":")).encode("ascii")
    return struct.pack(">I", len(data)) + data


class FrameReader:
    """Feed it bytes as they come, take whole frames out. A frame over `limit` is refused before it is stored."""

    def __init__(self, limit: int) -> None:
        self._buffer = bytearray()
        self._limit = limit

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Yield the frames that are complete with `data`. Raises WireError for what is no frame."""
        self._buffer += data
        while len(self._buffer) >= 4:
            size = int.from_bytes(self._buffer[:4], "big")
            if size > self._limit:
                raise WireError(f"a frame of {size} bytes")
            if len(self._buffer) < 4 + size:
                return
            raw = bytes(self._buffer[4 : 4 + size])
            del self._buffer[: 4 + size]
            try:
                frame = json.loads(raw)
            except (ValueError, RecursionError) as error:
                raise WireError(f"a frame that is no JSON ({type(error).__name__})") from None
            if type(frame) is not dict:
                raise WireError("a frame that is no object")
            yield frame

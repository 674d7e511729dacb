"""What may cross between the judge and a learner's process: frames of JSON, and values as plain data.

No pickle anywhere. A value is plain JSON, or an object `{"$": tag, "v": payload}` for what JSON lacks. The side
that reads relies on nothing: it builds only exact built-in, NumPy and pandas types, counts what it builds, and
raises WireError for anything else. Nothing that arrives can run code, recurse deeply or grow without bound.
"""

from mldebt.wire.decode import decode
from mldebt.wire.encode import encode
from mldebt.wire.frames import MAX_REPLY, MAX_REQUEST, FrameReader, WireError, pack
from mldebt.wire.opaque import Opaque

__all__ = ["MAX_REPLY", "MAX_REQUEST", "FrameReader", "Opaque", "WireError", "decode", "encode", "pack"]

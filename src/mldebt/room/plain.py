"""A submission's process without walls: `python -m mldebt.room.plain DESCRIPTOR SEED`.

It has the rights of whoever grades, sees all of the machine and may do anything there. Only its processor time is
limited. A fresh process for each submission: slower than a fork, and the same on every POSIX system.
"""

import importlib
import os
import resource
import socket
import sys

from mldebt.room.limits import Limits
from mldebt.room.serve import serve
from mldebt.room.shell import make_shell


def main() -> None:
    """Serve one submission on the socket whose descriptor is the first argument."""
    channel, seed = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    limits = Limits()
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.modules["mldebt.lab"] = importlib.import_module("mldebt.room.stand_in")
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    serve(make_shell(), channel, seed)


if __name__ == "__main__":
    main()

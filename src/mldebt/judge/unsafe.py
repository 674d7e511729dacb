"""Processes of submissions without walls, for machines that cannot build any and instructors who accept that."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from mldebt.judge.cage import ENVIRONMENT
from mldebt.judge.worker import WorkerDiedError

KEPT = ("PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "LANG", "MPLBACKEND", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


class UnsafeWorker:
    """Starts a process for each submission, in a folder of its own, with all rights of the user who grades."""

    walls = False

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def fork(self, seed: int, imports: Sequence[str] = ()) -> socket.socket:
        """See Worker."""
        channel, theirs = socket.socketpair()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mldebt.room.plain", str(theirs.fileno()), str(seed)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder.name,
            env={"PATH": os.defpath, "HOME": self._folder.name, **{key: ENVIRONMENT[key] for key in KEPT}},
            start_new_session=True,
        )
        theirs.close()
        return channel

    def signal(self, number: int) -> None:
        """See Worker."""
        if self._process is None:
            raise WorkerDiedError("there is no process")
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def bury(self) -> None:
        """End the process and its group; what left the group lives on."""
        if self._process is not None and self._folder is not None:
            self.signal(signal.SIGKILL)
            self._process.wait()
            self._folder.cleanup()
        self._process = self._folder = None

    def close(self) -> None:
        """See Worker."""
        self.bury()

    def __enter__(self) -> "UnsafeWorker":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

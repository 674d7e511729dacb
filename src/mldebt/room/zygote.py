"""The warm process: imports everything once and forks one confined child per submission. Runs no cell itself.

`python -m mldebt.room.zygote DESCRIPTOR SETTINGS`: requests come over a SOCK_SEQPACKET socket, each with the
child's channel attached; the end of that socket is the end of the zygote and of all its children. Each child is
process 1 of a new pid namespace, so its end is the end of everything that it started.
"""

import asyncio
import gc
import json
import os
import resource
import selectors
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mldebt.room import confine
from mldebt.room.limits import Limits
from mldebt.room.serve import Room, serve
from mldebt.room.shell import Nowhere, Shell, make_shell
from mldebt.wire import encode, pack

# What a submission may ask to have imported before it is forked, and what using it once looks like: the first table
# and the first figure of a process cost most. Imported when the first submission needs it, then there for all.
PRELOAD = {
    "numpy": "import numpy",
    "pandas": "import pandas\npandas.DataFrame({'a': [1.5]}).describe()",
    "matplotlib": "import matplotlib.pyplot as plt\n%matplotlib inline\nplt.plot([1, 2]); plt.show(); plt.close('all')",
    "mldebt.churn": "import mldebt.churn as churn\nchurn.Logistic.fit(churn.customers(200, seed=0), churn.FEATURES)",
    "sklearn": "import sklearn.linear_model, sklearn.model_selection, sklearn.pipeline, sklearn.preprocessing",
    "pandera": "import pandera.pandas",
    "mlflow": "import mlflow",
}
READABLE = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/srv", "/proc", "/dev")
WATCH = 0.1  # seconds between two looks at the memory of a child and all that it started

# What a notebook does first costs most the first time: a traceback, an await, a value shown, a check.
WARM = (
    "1 / 0",
    "async def _warm(): pass\nawait _warm()",
    "from mldebt.lab import exercise\nex = exercise('')\ny = {'a': 1}\nscript = 'z = 1'\ndef f(n): return n + len(y)",
    "ex.q1.check()",
    "# q1: your answer\nx = {key: value for key, value in y.items()}\nprint(x)",
)


def warm_shell() -> Shell:
    """Make a shell and use it as submissions will, without a trace of it in their namespace."""
    shell = make_shell()
    use(shell, WARM)
    return shell


def use(shell: Shell, cells: Sequence[str]) -> None:
    """Run cells in the shell and take back what they left, so that the next fork finds all of it warm."""
    output, errors = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = Nowhere(1)
    asyncio.run(_use(Room(shell), cells))
    sys.stdout, sys.stderr = output, errors
    shell.reset(new_session=True, aggressive=False)
    shell.execution_count = 1
    gc.collect()
    gc.freeze()  # so that the collector of a child does not touch, and copy, every page


async def _use(room: Room, cells: Sequence[str]) -> None:
    """Do everything once that a submission will have done, and wait until its threads have ended: a fork follows."""
    for cell in cells:
        await room.run(cell)
    for op, name in (("value", "x"), ("value", "y"), ("call", "f"), ("evaluate", "x + 1"), ("source", "x"),
                     ("printed", None), ("program", "script")):  # fmt: skip
        request = {"op": op, "question": "q1", "name": name, "arguments": [encode(1)] if op == "call" else []}
        pack(await room.respond({**request, "given": [["y", encode({"a": 1.5})]], "keywords": []}))
    room.close()
    for _ in range(1000):
        if len(list(Path("/proc/self/task").iterdir())) == 1:
            break
        time.sleep(0.001)


def become_child(shell: Shell, channel: socket.socket, request: dict[str, Any], ready: int) -> None:
    """Confine this freshly forked process and serve its submission. Never returns."""
    limits = Limits(**request["limits"])
    os.setsid()
    confine.own_file_systems(limits.scratch)
    confine.limit(limits)
    confine.drop_privileges(request["uid"])
    confine.landlock(READABLE)
    confine.filter_system_calls()
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    kept = os.dup2(channel.fileno(), 3, inheritable=False)
    os.write(ready, b"ready")
    os.closerange(4, 1 << 12)
    serve(shell, socket.socket(fileno=kept), request["seed"])


class Zygote:
    """The loop of the warm process: one child at a time, watched and buried."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self.control = control
        self.settings = settings
        self.shell = warm_shell()
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ)
        self.namespace = os.open("/proc/self/ns/pid", os.O_RDONLY)
        self.child: int | None = None
        self.imported: set[str] = set()
        self.watched = 0.0
        self.own_memory = _memory(os.getpid())

    def loop(self) -> None:
        """Serve requests until the other end of the control socket closes."""
        self.tell(ready=True)
        while True:
            events = self.selector.select(WATCH if self.child else None)
            if self.child and time.monotonic() - self.watched > WATCH:
                self.watched = time.monotonic()
                if self.memory() > self.settings["memory"]:
                    self.kill()
            for key, _ in events:
                if key.data == "child":
                    self.bury(key.fd)
                    continue
                data, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
                if not data:
                    self.kill()
                    return
                self.obey(json.loads(data), descriptors)

    def obey(self, request: dict[str, Any], descriptors: list[int]) -> None:
        """Fork a child, or signal the one there is."""
        if request["op"] == "fork":
            wanted = [name for name in PRELOAD if name in request["imports"] and name not in self.imported]
            if wanted:
                self.imported |= set(wanted)
                use(self.shell, [PRELOAD[name] for name in wanted])
                self.own_memory = _memory(os.getpid())
            self.fork(request, socket.socket(fileno=descriptors[0]))
        elif self.child:
            os.kill(self.child, request["signal"])

    def fork(self, request: dict[str, Any], channel: socket.socket) -> None:
        """Fork the child of a submission, and say when it is confined, or why it could not be."""
        told, ready = os.pipe()
        confine.unshare(confine.NEWPID)
        pid = os.fork()
        if pid == 0:
            try:
                os.close(told)
                self.control.close()
                become_child(self.shell, channel, request, ready)
            except BaseException as error:
                os.write(ready, f"{type(error).__name__}: {error}".encode()[:500])
            finally:
                os._exit(70)
        confine.join(self.namespace, confine.NEWPID)
        os.close(ready)
        channel.close()
        word = os.read(told, 500).decode(errors="replace")
        os.close(told)
        if word != "ready":
            os.waitpid(pid, 0)
            self.tell(failed=word or "the child ended before it was confined")
            return
        self.child = pid
        self.selector.register(os.pidfd_open(pid), selectors.EVENT_READ, "child")
        self.tell(forked=pid)

    def bury(self, handle: int) -> None:
        """Take note of the child's end."""
        assert self.child is not None
        _, status = os.waitpid(self.child, 0)
        self.selector.unregister(handle)
        os.close(handle)
        self.child = None
        self.tell(exit=os.waitstatus_to_exitcode(status))

    def kill(self) -> None:
        """End the child, and with process 1 all that is in its namespace."""
        if self.child:
            os.kill(self.child, signal.SIGKILL)

    def memory(self) -> int:
        """Add up the memory of all processes that the child started, less what each inherited."""
        others = {1, os.getpid()}
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return sum(max(0, _memory(pid) - self.own_memory) for pid in pids if pid not in others)

    def tell(self, **message: Any) -> None:
        """Send one message to the judge."""
        self.control.send(json.dumps(message).encode())


def _memory(pid: int) -> int:
    """Return the anonymous and shared memory of a process in bytes; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith(("RssAnon", "RssShmem")))


def main() -> None:
    """Start the zygote on the socket whose descriptor is the first argument."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Zygote(socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2])).loop()


if __name__ == "__main__":
    main()

"""The walls around a warm process: bubblewrap with a read-only system and nothing of the course's answers."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import mldebt
from mldebt.room.limits import HOME

PYTHON, PACKAGES, COURSE = "/srv/python", "/srv/packages", "/srv/course"
"""Where the interpreter, the libraries and the few modules of ours that the room needs lie inside."""

INSIDE = ("__init__.py", "check", "churn", "quiet.py", "record.py", "wire", "room")
DEVICES = ("null", "zero", "full", "random", "urandom")

ENVIRONMENT = {
    "HOME": HOME,
    "PATH": f"{PYTHON}/bin:/usr/bin:/bin",
    "PYTHONPATH": f"{COURSE}:{PACKAGES}",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "IPYTHONDIR": "/tmp/ipython",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    # A fork is safe only while there is one thread, and one submission is to use one core.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


class NoWallsError(RuntimeError):
    """This machine cannot contain a submission. The message says in one sentence what is missing."""


def command(control: int, settings: str) -> list[str]:
    """Return the command that starts a zygote in a cage, on the control socket with that descriptor."""
    package = Path(mldebt.__file__).parent
    arguments = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid():
        arguments.append("--unshare-user")
    arguments += ["--new-session", "--clearenv", "--cap-drop", "ALL"]
    # What the zygote needs to give each child walls of its own; the child drops all of it.
    for capability in ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP", "KILL", "SYS_RESOURCE", "SYS_PTRACE"):
        arguments += ["--cap-add", f"CAP_{capability}"]
    arguments += ["--tmpfs", "/"]
    # Parents of mounts would be closed to the ordinary user that a child becomes.
    for place in ("/srv", COURSE, f"{COURSE}/mldebt", "/dev", "/dev/shm", "/home", HOME):
        arguments += ["--perms", "0755", "--dir", place]
    for place in ("/usr", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime"):
        arguments += ["--ro-bind-try", place, place]
    for name in ("bin", "sbin", "lib", "lib64"):
        top = Path("/", name)
        if top.is_symlink():
            arguments += ["--symlink", str(top.readlink()), str(top)]
        elif top.exists():
            arguments += ["--ro-bind", str(top), str(top)]
    arguments += ["--ro-bind", os.path.realpath(sys.base_prefix), PYTHON]
    arguments += ["--ro-bind", sysconfig.get_path("purelib"), PACKAGES]
    if Path(sysconfig.get_path("purelib"), "mldebt").exists():  # an installed course, with its units
        arguments += ["--tmpfs", f"{PACKAGES}/mldebt"]
    for name in INSIDE:
        arguments += ["--ro-bind", str(package / name), f"{COURSE}/mldebt/{name}"]
    arguments += ["--ro-bind", str(package / "room" / "stand_in"), f"{COURSE}/mldebt/lab"]
    arguments += ["--proc", "/proc"]
    for name in DEVICES:
        arguments += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    arguments += ["--symlink", "/proc/self/fd", "/dev/fd"]
    arguments += ["--size", str(16 << 20), "--tmpfs", "/tmp", "--chdir", HOME]
    for key, value in ENVIRONMENT.items():
        arguments += ["--setenv", key, value]
    arguments += ["--remount-ro", "/", "--"]
    interpreter = f"{PYTHON}/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    return [*arguments, interpreter, "-sP", "-m", "mldebt.room.zygote", str(control), settings]


def missing() -> str:
    """Return what this machine lacks to contain a submission, in one sentence; empty when nothing is missing."""
    if sys.platform != "linux":
        return f"Grading strangers' notebooks needs Linux namespaces, which {sys.platform} does not have."
    if shutil.which("bwrap") is None:
        return "Grading strangers' notebooks needs bubblewrap, which is not installed (Debian: apt install bubblewrap)."
    user = ["--unshare-user"] if os.getuid() else []
    probe = ["bwrap", *user, "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    tried = subprocess.run(probe, capture_output=True, text=True, check=False)
    if tried.returncode:
        why = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"Grading strangers' notebooks needs namespaces, which this system refuses to bubblewrap ({why})."
    return ""

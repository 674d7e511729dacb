"""What a forked child may do: limits, a system-call filter, Landlock, file systems of its own, no privileges.

Every call goes to the kernel through ctypes; the interface is that of the manual pages named beside it. Linux only.
"""

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Sequence
from pathlib import Path

from mldebt.room.limits import HOME, WRITABLE, Limits

NEWNS, NEWIPC, NEWPID = 0x20000, 0x8000000, 0x20000000  # unshare(2)
_NOSUID, _NODEV, _NOEXEC, _PRIVATE, _REC = 2, 4, 8, 1 << 18, 16384  # mount(2)

_libc = ctypes.CDLL(None, use_errno=True)


def _call(what: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _syscall(what: str, number: int, *arguments: object) -> int:
    return _call(what, int(_libc.syscall(number, *arguments)))


def unshare(flags: int) -> None:
    """Give this process namespaces of its own."""
    _call("unshare", _libc.unshare(flags))


def join(descriptor: int, kind: int) -> None:
    """Move this process's future children into a namespace (setns(2))."""
    _call("setns", _libc.setns(descriptor, kind))


def _mount(kind: str | None, at: str, flags: int, options: str = "") -> None:
    source = kind.encode() if kind else None
    result = _libc.mount(source, at.encode(), source, ctypes.c_ulong(flags), options.encode() or None)
    _call(f"mount {kind or ''} on {at}", result)


def own_file_systems(scratch: int) -> None:
    """Cover what may be written with empty file systems of limited size, and /proc with this namespace's own."""
    unshare(NEWNS | NEWIPC)
    _mount(None, "/", _PRIVATE | _REC)
    for place in ("/tmp", HOME):
        _mount("tmpfs", place, _NOSUID | _NODEV, f"size={scratch},nr_inodes=4k,mode=1777")
    # The semaphores of multiprocessing live in /dev/shm.
    _mount("tmpfs", "/dev/shm", _NOSUID | _NODEV, f"size={16 << 20},nr_inodes=100,mode=1777")
    _mount("proc", "/proc", _NOSUID | _NODEV | _NOEXEC)
    os.chdir(HOME)


def limit(limits: Limits) -> None:
    """Set the limits of this process and of all that it starts (setrlimit(2))."""
    already = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    memory = already + limits.memory  # address space: RLIMIT_DATA lets shared mappings pass
    for what, soft, hard in (
        (resource.RLIMIT_CPU, limits.cpu, limits.cpu + 1),
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_NPROC, limits.processes, limits.processes),
        (resource.RLIMIT_NOFILE, limits.files, limits.files),
        (resource.RLIMIT_FSIZE, limits.file_size, limits.file_size),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))
    Path("/proc/self/oom_score_adj").write_text("1000")


def drop_privileges(uid: int | None) -> None:
    """Become an ordinary user where this process is root, and give up every capability for good."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header, none = struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6)  # capset(2), version 3
    _call("capset", _libc.capset(header, none))
    no_new_privileges()


def no_new_privileges() -> None:
    """Let no program that is started from here gain privileges (PR_SET_NO_NEW_PRIVS)."""
    _call("prctl", _libc.prctl(38, *(ctypes.c_ulong(value) for value in (1, 0, 0, 0))))


def landlock(read: Sequence[str], write: Sequence[str] = WRITABLE) -> int:
    """Allow reading below `read` and writing below `write`, and nothing else; a second wall behind the mounts.

    Returns the version of Landlock, 0 where the kernel has none. From version 4 on it refuses TCP, from 6 on
    signals and abstract sockets that leave the room (landlock(7)).
    """
    version = int(_libc.syscall(444, None, 0, 1))
    if version < 1:
        return 0
    rights = (1 << 13) - 1
    for since, bit in ((2, 13), (3, 14), (5, 15)):
        rights |= (1 << bit) if version >= since else 0
    rules = struct.pack("QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _syscall("landlock_create_ruleset", 444, rules, size, 0)
    read_only, on_files = 1 | 4 | 8, 1 | 2 | 4 | 1 << 14 | 1 << 15
    devices = ("/dev/null", "/dev/zero", "/dev/full")
    for places, allowed in ((read, read_only), ((*write, *devices), rights & ~1)):
        for place in places:
            if not Path(place).exists():
                continue
            handle = os.open(place, os.O_PATH)
            mask = allowed & rights & (-1 if Path(place).is_dir() else on_files)
            _syscall("landlock_add_rule", 445, ruleset, 1, struct.pack("=Qi", mask, handle), 0)
            os.close(handle)
    no_new_privileges()
    _syscall("landlock_restrict_self", 446, ruleset, 0)
    os.close(ruleset)
    return version


# What a notebook never needs, and what widens the kernel's surface or escapes the limits. Numbers of x86_64.
_REFUSED = {
    "shmget": 29, "semget": 64, "msgget": 68, "ptrace": 101, "personality": 135, "pivot_root": 155, "chroot": 161,
    "mount": 165, "umount2": 166, "swapon": 167, "reboot": 169, "init_module": 175, "quotactl": 179, "mq_open": 240,
    "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "vmsplice": 278,
    "perf_event_open": 298, "name_to_handle_at": 303, "open_by_handle_at": 304, "setns": 308,
    "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "memfd_create": 319,
    "bpf": 321, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "pidfd_getfd": 438,
    "mount_setattr": 442, "memfd_secret": 447,
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET = 56, 435, 41
_NAMESPACES = 0x7E020080  # any namespace flag of clone(2)
_AUDIT_X86_64, _X32 = 0xC000003E, 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97
_UNIX, _INET, _INET6 = 1, 2, 10


def filter_system_calls() -> None:
    """Refuse the calls above with an error (seccomp(2)), in this process and all that it starts.

    clone3 is answered with ENOSYS, so that libc falls back to clone, whose flags a filter can read. Of sockets
    only UNIX and INET are left: AF_VSOCK reaches the host whatever the network namespace.
    """
    if platform.machine() != "x86_64":
        raise OSError("the system-call filter knows x86_64 only")
    number, argument = 0, 16
    code = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _AUDIT_X86_64),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, number),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _ERROR | _EPERM),
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ERROR | _ENOSYS),
        (_EQUAL, 0, 3, _CLONE),
        (_LOAD, 0, 0, argument),
        (_ANY_BIT, 0, 1, _NAMESPACES),
        (_RETURN, 0, 0, _ERROR | _EPERM),
        (_LOAD, 0, 0, number),
        (_EQUAL, 0, 6, _SOCKET),
        (_LOAD, 0, 0, argument),
        (_EQUAL, 3, 0, _UNIX),
        (_EQUAL, 2, 0, _INET),
        (_EQUAL, 1, 0, _INET6),
        (_RETURN, 0, 0, _ERROR | _EAFNOSUPPORT),
        (_LOAD, 0, 0, number),
    ]
    for refused in sorted(_REFUSED.values()):
        code += [(_EQUAL, 0, 1, refused), (_RETURN, 0, 0, _ERROR | _EPERM)]
    code.append((_RETURN, 0, 0, _ALLOW))
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
    header = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(program))
    _call("seccomp", _libc.prctl(22, 2, header, 0, 0))

"""What one process of a submission may use, and where it may write."""

from dataclasses import dataclass

HOME = "/home/learner"
WRITABLE = ("/tmp", HOME, "/dev/shm")


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes, counts. `scratch` bounds /tmp and the home each."""

    cpu: int = 20
    memory: int = 1 << 30
    processes: int = 64
    files: int = 128
    file_size: int = 32 << 20
    scratch: int = 64 << 20

"""Wheels of pure Python for the browser: ours, and packages whose wheels are compiled for other machines."""

import base64
import hashlib
import zipfile
from pathlib import Path

WHEN = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is packed


def pack(folder: Path, name: str, version: str, files: dict[str, bytes], metadata: str) -> Path:
    """Write a wheel of `files`, by their paths in site-packages, and return its path.

    Source: the binary distribution format, packaging.python.org/specifications/binary-distribution-format.
    """
    info = f"{name}-{version}.dist-info"
    tags = "Wheel-Version: 1.0\nGenerator: mldebt\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = files | {f"{info}/METADATA": metadata.encode(), f"{info}/WHEEL": tags.encode()}
    record = "".join(f"{path},sha256={_hash(data)},{len(data)}\n" for path, data in sorted(files.items()))
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(inside, WHEN), data, zipfile.ZIP_DEFLATED)
    return path


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()

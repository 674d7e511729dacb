"""Pyodide, which is Python for the browser, with all that a notebook of the course imports.

Pyodide's core comes from the npm registry and is checked by its hash; the packages of its lock come from PyPI. Those
that are not in the lock are added to it, so that the kernel loads them when it starts.
"""

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterable
from importlib.metadata import distribution, metadata, version
from pathlib import Path
from typing import Any

import mldebt
from mldebt.lite.wheel import pack

VERSION = "314.0.6"  # what jupyterlite-pyodide-kernel 0.8 is made for
INTEGRITY = "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
# What the kernel needs of the lock, and what the course needs besides.
KERNEL = ("micropip", "ipython", "jedi", "packaging", "matplotlib-inline")
COURSE = (
    "anywidget",
    "comm",
    "ipywidgets",
    "jupyterlab_widgets",
    "markdown-it-py",
    "mdurl",
    "psygnal",
    "typing_extensions",
)
OURS = (
    "check",
    "lab",
    "variant.py",
    "clean.py",
    "debts.py",
    "debts.yaml",
    "extra.py",
    "nearest.py",
    "quiet.py",
    "record.py",
    "__init__.py",
    "py.typed",
)


class FetchError(Exception):
    """Something could not be fetched. The message is one sentence that says what."""


def prepare(folder: Path, cache: Path, units: Iterable[Path]) -> None:
    """Fill `folder` with Pyodide and all packages; `units` are the folders of the units that go with the course."""
    folder.mkdir(parents=True)
    core = _core(cache)
    for name in CORE:
        (folder / name).write_bytes(core[name])
    lock: dict[str, Any] = json.loads(core["pyodide-lock.json"])
    known = {_plain(name): name for name in lock["packages"]}
    kept = {name: lock["packages"][known[name]] for name in _closure(lock, known)}
    wanted = [f"{entry['name']}=={entry['version']}" for entry in kept.values()]
    _download([*wanted, *(f"{name}=={version(name)}" for name in COURSE)], folder, cache / "wheels")
    for name in COURSE:
        kept[_plain(name)] = _entry(name, version(name), _wheel(folder, name), [])
    yaml = {f"yaml/{path.name}": path.read_bytes() for path in _package("PyYAML", "yaml").glob("*.py")}
    wheel = pack(
        folder,
        "pyyaml",
        version("PyYAML"),
        yaml,
        f"Metadata-Version: 2.1\nName: pyyaml\nVersion: {version('PyYAML')}\n",
    )
    kept["pyyaml"] = _entry("pyyaml", version("PyYAML"), wheel, []) | {"imports": ["yaml"]}
    ours = pack(folder, "mldebt", mldebt.__version__, _course(units), str(metadata("mldebt")))
    kept["mldebt"] = _entry("mldebt", mldebt.__version__, ours, [name for name in kept if name != "micropip"])
    for entry in kept.values():  # those of PyPI are not byte for byte those that the lock was made with
        entry["file_name"] = _wheel(folder, entry["name"]).name
        entry["sha256"] = hashlib.sha256((folder / entry["file_name"]).read_bytes()).hexdigest()
    (folder / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": kept}), encoding="utf-8")


def _core(cache: Path) -> dict[str, bytes]:
    """Return the files of Pyodide's npm package, from the cache or the registry."""
    path = cache / f"pyodide-{VERSION}.tgz"
    if not path.is_file():
        registry = os.environ.get("NPM_CONFIG_REGISTRY", "https://registry.npmjs.org").rstrip("/")
        address = f"{registry}/pyodide/-/{path.name}"
        try:
            with urllib.request.urlopen(address, timeout=120) as answer:
                data = answer.read()
        except OSError as error:
            raise FetchError(f"Pyodide cannot be fetched from {address}: {error}.") from None
        if base64.b64encode(hashlib.sha512(data).digest()).decode() != INTEGRITY:
            raise FetchError(f"What {address} gives is not Pyodide {VERSION}: its hash is another.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.extractfile(f"package/{name}").read() for name in CORE}  # type: ignore[union-attr]


def _closure(lock: dict[str, Any], known: dict[str, str]) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(KERNEL)
    while waiting:
        name = _plain(waiting.pop())
        if name not in found:
            found[name] = None
            waiting += lock["packages"][known[name]]["depends"]
    return sorted(found)


def _download(wanted: list[str], folder: Path, cache: Path) -> None:
    """Download pure wheels of exact versions with pip, which knows the reader's index and proxy."""
    cache.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += [
        "--disable-pip-version-check",
        "--implementation",
        "py",
        "--platform",
        "any",
        "--python-version",
        "3.14",
    ]
    command += ["--find-links", str(cache), "--dest", str(cache), *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        why = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), done.stderr[-300:])
        raise FetchError(f"The packages for the browser cannot be downloaded by pip: {why}")
    for need in wanted:
        name = need.split("==")[0]
        found = [path for path in cache.glob("*.whl") if _is(path, name) and need.split("==")[1] in path.name]
        (folder / found[0].name).write_bytes(found[0].read_bytes())


def _is(path: Path, name: str) -> bool:
    return _plain(path.name.split("-")[0]) == _plain(name)


def _wheel(folder: Path, name: str) -> Path:
    return next(path for path in folder.glob("*.whl") if _is(path, name))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _entry(name: str, number: str, wheel: Path, depends: list[str]) -> dict[str, Any]:
    """Describe a package as Pyodide's lock does."""
    return {
        "depends": depends,
        "file_name": wheel.name,
        "imports": [_plain(name).replace("-", "_")],
        "install_dir": "site",
        "name": _plain(name),
        "package_type": "package",
        "sha256": "",
        "unvendored_tests": False,
        "version": number,
    }


def _package(name: str, folder: str) -> Path:
    return Path(str(distribution(name).locate_file(folder)))


def _course(units: Iterable[Path]) -> dict[str, bytes]:
    """Gather what a notebook imports of this package, with the units that are on the site."""
    package = Path(mldebt.__file__).parent
    paths = [package / name for name in OURS] + [package / "units" / "__init__.py", *units]
    files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return {
        f"mldebt/{file.relative_to(package).as_posix()}": file.read_bytes()
        for file in files
        if file.is_file() and "__pycache__" not in file.parts
    }

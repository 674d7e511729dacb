"""`mldebt lite`: notebooks, Pyodide and packages to one folder that any web server can serve."""

import json
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from mldebt import units
from mldebt.lite import contents, pyodide

SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "mldebt",
        "disabledExtensions": ["@jupyterlab/apputils-extension:announcements"],
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "disablePyPIFallback": True,
                "loadPyodideOptions": {"packages": ["mldebt"]},
            }
        },
    },
}
# What the pages need: the kernel in the browser, the sliders, the quiz. Else all that is installed here would go with
# them, such as the menu of nbgrader, which needs a server.
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
CACHE = Path(".mldebt-build", "lite")


class LiteError(Exception):
    """The site cannot be made. The message is one sentence that says why."""


def build(root: Path, out: Path) -> list[str]:
    """Write the site of the course at `root` to the folder `out` and return the units that are on it.

    Raises LiteError when a tool is missing, something cannot be fetched, or the site cannot be built.
    """
    if find_spec("jupyterlite_core") is None or find_spec("jupyterlite_pyodide_kernel") is None:
        raise LiteError("The site needs JupyterLite: pip install -r requirements-dev.txt")
    if not (root / "exercises").is_dir():
        raise LiteError(f"{root} holds no exercises/; run this in the folder of the course, or name it with --root.")
    if out.exists() and not (out / "jupyter-lite.json").is_file() and any(out.iterdir()):
        raise LiteError(f"{out} holds something else; name a new folder with --out.")
    chosen = contents.on_site(root)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        contents.write(root, folder / "content", chosen)
        try:
            pyodide.prepare(folder / "static" / "pyodide", root / CACHE, [_folder(name) for name in chosen])
        except pyodide.FetchError as error:
            raise LiteError(str(error)) from None
        (folder / "jupyter-lite.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        config = {
            "ignore_sys_prefix": ["federated_extensions"],
            "federated_extensions": [_extension(name) for name in EXTENSIONS],
        }
        (folder / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}), encoding="utf-8")
        command = [sys.executable, "-m", "jupyterlite_core.app", "build", "--lite-dir", ".", "--contents", "content"]
        command += ["--output-dir", str(out.resolve()), "--no-sourcemaps", "--apps", "lab"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or done.stdout.strip().splitlines() or ["no reason given"])[-1]
        raise LiteError(f"JupyterLite could not build the site: {why}")
    return chosen


def _extension(name: str) -> str:
    place = Path(sys.prefix, "share", "jupyter", "labextensions", name)
    if not place.is_dir():
        raise LiteError(f"The site needs JupyterLab's extension {name}: pip install -r requirements-dev.txt")
    return str(place)


def _folder(name: str) -> Path:
    return units.load(name).folder

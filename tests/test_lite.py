"""What of a notebook runs in a browser, what is shown with its stored output, and the wheels that go with it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mldebt.cli import main
from mldebt.lite import LiteError, build, pyodide
from mldebt.lite.contents import adapt, on_site
from mldebt.lite.wheel import pack

ROOT = Path(__file__).parent.parent


def code(source, *outputs):
    return {"cell_type": "code", "id": f"c{abs(hash(source))}", "metadata": {}, "source": source, "outputs": [*outputs]}


def adapted(*cells):
    return [
        (cell["cell_type"], cell["source"])
        for cell in adapt({"cells": list(cells), "metadata": {}, "nbformat": 4})["cells"]
    ]


def shown(cells):
    return [text.split("```python\n")[1].split("\n```")[0] if kind == "markdown" else None for kind, text in cells]


def test_plain_python_runs():
    assert adapted(code("import json\nx = 1"), code("print(x)")) == [
        ("code", "import json\nx = 1"),
        ("code", "print(x)"),
    ]


def test_what_needs_pandas_is_shown_and_so_is_what_hangs_on_it():
    cells = adapted(
        code("import pandas as pd\nt = pd.Series([1])"), code("u = t.sum()"), code("print(u)"), code("print(2)")
    )
    assert shown(cells) == ["import pandas as pd\nt = pd.Series([1])", "u = t.sum()", "print(u)", None]
    assert all("`pandas`, which a browser does not have" in text for kind, text in cells if kind == "markdown")


def test_a_name_that_is_made_anew_runs_again():
    cells = adapted(code("import numpy as np\nx = np.ones(3)"), code("x = 1"), code("print(x)"))
    assert shown(cells) == ["import numpy as np\nx = np.ones(3)", None, None]


def test_imports_that_a_shown_cell_holds_are_kept():
    cells = adapted(code("import numpy as np\nfrom mldebt.lab import quiz\nx = np.ones(3)"), code('quiz("x")'))
    assert [text for kind, text in cells if kind == "code"] == ["from mldebt.lab import quiz", 'quiz("x")']


def test_outputs_are_shown_with_it():
    output = {"output_type": "stream", "name": "stdout", "text": ["one\n", "two\n"]}
    rich = {
        "output_type": "display_data",
        "data": {"text/html": ["<table></table>"], "text/plain": ["t"]},
        "metadata": {},
    }
    failed = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
    ((_, text),) = adapted(code("import pandas", output, rich, failed))
    for part in ("```\none\ntwo\n```", "<table></table>", "```\nKeyError: 'x'\n```", "It shows what stands under it."):
        assert part in text


def test_the_mini_project_is_on_the_site_and_what_needs_the_world_is_not():
    chosen = on_site(ROOT)
    assert [name[:2] for name in chosen[:6]] == ["00", "01", "02", "03", "04", "05"]
    for path in (ROOT / "exercises").glob("*.ipynb"):
        if "mldebt.churn" in path.read_text(encoding="utf-8"):
            assert path.stem not in chosen


def test_a_wheel_can_be_installed(tmp_path):
    wheel = pack(
        tmp_path,
        "one_thing",
        "1.0",
        {"one_thing/__init__.py": b"x = 5\n"},
        "Metadata-Version: 2.1\nName: one_thing\nVersion: 1.0\n",
    )
    target = tmp_path / "there"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", target, wheel]
    subprocess.run(command, check=True)
    done = subprocess.run(
        [sys.executable, "-c", "import one_thing; print(one_thing.x)"],
        env={"PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "5\n"
    again = pack(
        tmp_path / "there",
        "one_thing",
        "1.0",
        {"one_thing/__init__.py": b"x = 5\n"},
        "Metadata-Version: 2.1\nName: one_thing\nVersion: 1.0\n",
    )
    assert again.read_bytes() == wheel.read_bytes()


def test_ours_holds_no_judge_and_no_other_unit():
    files = pyodide._course([ROOT / "src" / "mldebt" / "units" / "01_track_model_versions"])
    assert "mldebt/lab/quiz.js" in files
    assert "mldebt/units/01_track_model_versions/checks.py" in files
    assert not [name for name in files if name.startswith(("mldebt/judge", "mldebt/grading", "mldebt/units/02"))]


def test_ours_holds_all_that_a_notebook_imports(tmp_path):
    """A package of these files alone: what they import of ours must be among them."""
    files = pyodide._course([ROOT / "src" / "mldebt" / "units" / "01_track_model_versions"])
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    modules = [
        name.removesuffix(".py").replace("/", ".") for name in files if re.fullmatch(r"mldebt/lab/\w+\.py", name)
    ]
    lines = [f"import {module.removesuffix('.__init__')}" for module in modules]
    lines += ["import mldebt", f"assert mldebt.__file__.startswith({str(tmp_path)!r})"]
    command, env = [sys.executable, "-c", "\n".join(lines)], {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_wrong_download_is_refused(tmp_path, monkeypatch):
    (tmp_path / "registry" / "pyodide" / "-").mkdir(parents=True)
    (tmp_path / "registry" / "pyodide" / "-" / f"pyodide-{pyodide.VERSION}.tgz").write_bytes(b"something else")
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", (tmp_path / "registry").as_uri())
    with pytest.raises(pyodide.FetchError, match="its hash is another"):
        pyodide._core(tmp_path / "cache")
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", (tmp_path / "nowhere").as_uri())
    with pytest.raises(pyodide.FetchError, match="cannot be fetched from"):
        pyodide._core(tmp_path / "cache")


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    kept = tmp_path / "thesis.txt"
    kept.write_text("mine")
    with pytest.raises(LiteError, match="holds something else"):
        build(ROOT, tmp_path)
    done = CliRunner().invoke(main, ["lite", "--root", str(ROOT), "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert kept.read_text() == "mine"


def test_a_folder_without_the_course_is_refused(tmp_path):
    with pytest.raises(LiteError, match="holds no exercises/"):
        build(tmp_path, tmp_path / "out")

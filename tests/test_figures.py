"""Figures come with a text alternative, which nbval compares, while their pixels may differ."""

import json
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import pytest

from mldebt.lab import matrix
from mldebt.lab.figures import alternative

mpl.use("agg")
import matplotlib.pyplot as plt
import pandas as pd

ROOT = Path(__file__).parent.parent


@pytest.fixture
def plot():
    _, axes = plt.subplots()
    yield axes
    plt.close("all")


def test_bars_and_a_limit(plot):
    plot.bar(["a", "b", "c"], [1, 2, 3])
    plot.axhline(2)
    plot.set_xlabel("version")
    plot.set_ylabel("accuracy (share)")
    assert alternative(plot.figure) == "Figure: 3 bars, 1 straight line; across: version; upwards: accuracy (share)."


def test_lines_with_a_legend(plot):
    plot.plot([1, 2, 3], label="train")
    plot.plot([1, 2, 2], label="test")
    plot.legend(title="part")
    assert alternative(plot.figure) == "Figure: 2 lines; part: train, test."


def test_points_areas_and_an_image(plot):
    plot.scatter([1, 2], [1, 2])
    plot.fill_between([1, 2], [1, 2])
    plot.imshow([[1, 2]])
    plot.set_title("all")
    assert alternative(plot.figure) == "Figure: “all”; 1 group of points, 1 area, 1 image."


def test_several_plots():
    figure, (left, right) = plt.subplots(1, 2)
    left.set_xlabel("month")
    right.hist([1, 2, 2])
    assert alternative(figure) == "Figure of 2 plots. Plot 1: across: month. Plot 2: 10 bars."
    plt.close(figure)


def test_a_matrix_says_what_is_in_each_cell_and_can_be_read_on_every_colour():
    table = pd.DataFrame({"left": [0.0, 0.1], "right": [0.2, None]}, index=["above", "below"])
    matrix(table, "across", "upwards", "{:.0%}".format, darkest=0.2)
    (plot,) = plt.gcf().axes
    said = {text.get_position(): (text.get_text(), text.get_color()) for text in plot.texts}
    assert said == {(0, 0): ("0%", "black"), (1, 0): ("20%", "white"), (0, 1): ("10%", "black")}
    assert [label.get_text() for label in plot.get_xticklabels()] == ["left", "right"]
    assert [label.get_text() for label in plot.get_yticklabels()] == ["above", "below"]
    assert alternative(plot.figure) == "Figure: 1 image; across: across; upwards: upwards."
    plt.close("all")


def run_nbval(folder, change):
    notebook = json.loads((ROOT / "notebooks" / "03-keep-the-best.ipynb").read_text(encoding="utf-8"))
    changed = 0
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind, text in output.get("data", {}).items():
                new = change("".join(text))
                changed += new != "".join(text)
                output["data"][kind] = new
    assert changed
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text().replace("__file__", repr(str(ROOT / "x"))))
    (folder / "lesson.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "-p", "no:cacheprovider", "lesson.ipynb"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_nbval_compares_the_alternative_and_not_the_pixels(tmp_path):
    done = run_nbval(tmp_path, lambda text: re.sub("base64,....", "base64,AAAA", text))
    assert done.returncode == 0, done.stdout
    done = run_nbval(tmp_path, lambda text: text.replace("across: accuracy", "across: nothing"))
    assert done.returncode == 1, done.stdout

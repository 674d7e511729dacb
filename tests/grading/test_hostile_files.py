"""Notebook files that were made to break the grader: a fair mark or a problem by its own name, and nobody else's loss."""

import copy
import csv
import io
import json
import os
import subprocess
import sys
import time

import pytest
from classroom import UNIT, code_cell, hand_in, notebook

from mldebt.grading.page import slug
from mldebt.grading.submission import MAX_CELLS, MAX_FILE, SubmissionError, read_submission
from mldebt.judge.cage import missing

needs_walls = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")


def with_metadata(value):
    """Return a solved notebook with the same value as metadata wherever there is any."""
    data = notebook()
    data["metadata"] = value
    for cell in data["cells"]:
        cell["metadata"] = copy.deepcopy(value)
    return data


def nested(depth):
    value = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def same_ids():
    data = notebook()
    for cell in data["cells"]:
        cell["id"] = "the-same"
    return data


def without(*keys):
    return {key: value for key, value in notebook().items() if key not in keys}


SOUND = {
    "same ids": same_ids(),
    "no ids": notebook() | {"cells": [{k: v for k, v in cell.items() if k != "id"} for cell in notebook()["cells"]]},
    "no kernel": notebook() | {"metadata": {}},
    "a kernel that nobody has": notebook() | {"metadata": {"kernelspec": {"name": "../../bin/sh", "language": "R"}}},
    "no metadata": without("metadata"),
    "metadata that is a list": with_metadata([1, {"mldebt": 3}]),
    "metadata that is a number": with_metadata(1e308),
    "metadata of another course": with_metadata({"mldebt": {"unit": ["02"], "kind": None}, "nbgrader": "x"}),
    "metadata in a hundred layers": with_metadata(nested(100)),
    "metadata with odd names": with_metadata({"": "", "\u202e\x00": "\ud800", "__class__": "x", "..": "../.."}),
    "a version that is yet to come": notebook() | {"nbformat_minor": 10**9},
    "outputs of no kind": notebook() | {"cells": [{**cell, "outputs": "x"} for cell in notebook()["cells"]]},
    "cells of no kind among the others": notebook()
    | {"cells": [None, 3, [], {}, {"cell_type": "raw"}, *notebook()["cells"], {"cell_type": ["code"]}]},
    "a million cells of nothing": notebook() | {"cells": [*notebook()["cells"], *[{}] * 1_000_000]},
}
REFUSED = {
    "empty": ("", "unreadable"),
    "spaces": (" \n", "unreadable"),
    "not JSON": ("hello", "unreadable"),
    "cut off": (json.dumps(notebook())[:-200], "unreadable"),
    "a byte that is no text": ("\udcff\udcfe", "unreadable"),
    "a list": ([], "unreadable"),
    "nothing": (None, "unreadable"),
    "version 3": ({"nbformat": 3, "worksheets": [{"cells": []}], "metadata": {}}, "unreadable"),
    "version 5": (notebook() | {"nbformat": 5}, "unreadable"),
    "a version in words": (notebook() | {"nbformat": "4"}, "unreadable"),
    "no cells": (without("cells"), "unreadable"),
    "brackets without end": ("[" * 1_000_000, "unreadable"),
    "a number without end": ('{"nbformat": ' + "4" * 1_000_000 + "}", "unreadable"),
    "50 MB": (json.dumps(notebook() | {"padding": "x" * (50 << 20)}), "too large"),
    "50 MB of nothing": (" " * (50 << 20), "too large"),
    "nearly a million cells": (
        '{"nbformat": 4, "metadata": {}, "cells": [' + ",".join(['{"cell_type":"code"}'] * 900_000) + "]}",
        "too large",
    ),
    "one cell too many": (notebook() | {"cells": [*notebook()["cells"], *[code_cell("1")] * MAX_CELLS]}, "too large"),
    "a megabyte of code": (notebook(comment="x" * (1 << 20)), "too large"),
}


def write(path, content):
    text = content if isinstance(content, str) else json.dumps(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_judged_is_refused_by_name_and_soon(tmp_path, name):
    content, kind = REFUSED[name]
    path = write(tmp_path / f"{UNIT}.ipynb", content)
    began = time.monotonic()
    with pytest.raises(SubmissionError) as refused:
        read_submission(path)
    assert time.monotonic() - began < 10
    assert refused.value.kind == kind, refused.value
    assert str(refused.value).endswith(".")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


def test_a_file_of_the_largest_size_is_read(tmp_path):
    data = notebook()
    data["padding"] = "x" * (MAX_FILE - len(json.dumps(data)) - 100)
    assert read_submission(write(tmp_path / "x.ipynb", data)).unit == UNIT


NAMES = ["..hidden", "a\nb", "Zoe\u0301", "Zo\u00e9", "-rf", "=1+1", "\u202etxt", "x" * 200, "a'b\"c;$(id)`", "<b>"]


@needs_walls
@pytest.mark.timeout(300)
def test_each_gets_what_is_fair_and_the_innocent_theirs(tmp_path):
    folder = tmp_path / "submissions"
    hand_in(folder, "000 before", notebook())
    for name, data in SOUND.items():
        hand_in(folder, name, data)
    for name, (content, _) in REFUSED.items():
        write(folder / name / f"{UNIT}.ipynb", content)
    for name in NAMES:
        hand_in(folder, name, notebook(comment=repr(name)))
    for name in ("fifo", "device", "elsewhere"):
        (folder / name).mkdir()
    os.mkfifo(folder / "fifo" / f"{UNIT}.ipynb")
    (folder / "device" / f"{UNIT}.ipynb").symlink_to("/dev/zero")
    (folder / "elsewhere" / f"{UNIT}.ipynb").symlink_to(hand_in(tmp_path / "secret", "solution", notebook()))
    hand_in(folder, "zzz after", notebook(answers={"q1": "max_versions = 30"}))

    command = [sys.executable, "-m", "mldebt", "grade", folder, "--gradebook", tmp_path / "x.db", "--format", "csv"]
    done = subprocess.run([*command, "--feedback", tmp_path / "pages"], capture_output=True, check=False, timeout=250)
    said = done.stderr.decode("utf-8", "surrogateescape")
    assert done.returncode == 1
    assert "Traceback" not in said
    found = {}
    for row in csv.DictReader(io.StringIO(done.stdout.decode(), newline="")):
        found.setdefault(row["learner"], []).append(row["outcome"])
    assert found.pop("000 before") == ["right", "right"]
    assert found.pop("zzz after") == ["wrong", "right"]
    for name in [*SOUND, *NAMES]:
        shown = f"'{name}" if name[0] in "=-" else name
        assert found.pop(shown) == ["right", "right"], name
    for name, (_, kind) in REFUSED.items():
        assert found.pop(name) == [kind] * 2, name
    assert found == dict.fromkeys(("fifo", "device", "elsewhere"), ["unreadable"] * 2)
    pages = {path.name for path in (tmp_path / "pages").iterdir()}
    assert {slug(name) for name in NAMES} <= pages
    assert len(pages) == 2 + len(SOUND) + len(REFUSED) + len(NAMES) + 3
    assert {path.name for path in tmp_path.iterdir()} == {"submissions", "secret", "x.db", "pages"}

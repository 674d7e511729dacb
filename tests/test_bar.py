"""The progress bar: how many, how fast and how long still, where somebody watches; nothing where nobody does."""

import os
import re
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty")

RUN = """
import time
from mldebt.cli.bar import bar

with bar(rate=True) as shown:
    task = shown.add_task("grading", total=8)
    for _ in range(8):
        time.sleep(0.15)
        shown.advance(task)
"""


def test_rate_and_time_left_are_shown_to_who_watches():
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    process = subprocess.Popen([sys.executable, "-c", RUN], stderr=theirs, env=environment)
    os.close(theirs)
    said = b""
    while True:
        try:
            more = os.read(ours, 1 << 16)
        except OSError:  # the other end was closed
            break
        if not more:
            break
        said += more
    os.close(ours)
    assert process.wait() == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode())
    assert re.search(r"grading .* [3-7]/8 \d+\.\d a second 0:00:0\d", text), text


def test_nothing_is_shown_where_nobody_watches():
    done = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True)
    assert done.stderr == done.stdout == ""

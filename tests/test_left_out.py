"""Where a tool is missing, the test command says in one line what it left out."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_what_is_left_out_is_said_with_its_reason(tmp_path):
    session = "tests/grading/test_session.py::"
    places = [
        "tests/browser/test_exercise_in_lab.py",
        f"{session}test_a_cell_that_ends_as_it_is_interrupted_costs_the_next_one_nothing",
        f"{session}test_code_that_takes_interrupts_for_itself_is_still_asked",
    ]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *places]
    without = os.environ | {"PATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=without, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("Left out")]
    assert lines == [
        "Left out: 3 tests. Why: no chromium on this machine: the browser tests are left out",
        "Left out: 2 tests. Why: Grading strangers' notebooks needs bubblewrap, which is not installed "
        "(Debian: apt install bubblewrap).",
    ]

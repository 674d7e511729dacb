"""The same work on a real Dask cluster gives the same bytes, and a worker that is lost loses nothing."""

import csv
import io
import os
import signal
import subprocess
import sys
import time

import pytest
from classroom import hand_in, notebook

from mldebt.judge.cage import missing

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "there are walls")


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "submissions"
    for number in range(40):
        answers = [{}, {"q1": "max_versions = 30"}, {"q1": "import os\nos._exit(0)"}, "untouched"][number % 4]
        hand_in(folder, f"learner{number:02}", notebook(answers=answers, comment=f"mine {number}"))
    hand_in(folder, "spoilt", "")
    return folder


def start(folder, book, *more):
    command = [sys.executable, "-m", "mldebt", "grade", folder, "--gradebook", book, "--seed", "7", "--format", "csv"]
    return subprocess.Popen(
        [*map(str, command), *map(str, more)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def here(folder):
    return start(folder, folder.parent / "here.db").communicate(timeout=120)[0]


def test_marks_are_the_same_to_the_byte(cluster, folder, tmp_path, here):
    there, said = start(folder, tmp_path / "there.db", "--scheduler", cluster.scheduler_address).communicate(
        timeout=120
    )
    assert there == here, said
    assert {row["outcome"] for row in csv.DictReader(io.StringIO(here))} == {
        "right", "wrong", "broke", "not attempted", "unreadable",
    }  # fmt: skip


def test_a_worker_killed_in_the_middle_loses_nothing(cluster, folder, tmp_path, here):
    process = start(folder, tmp_path / "killed.db", "--scheduler", cluster.scheduler_address)
    time.sleep(1.5)
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        victim = next(iter(client.run(os.getpid).values()))
    os.kill(victim, signal.SIGKILL)
    there, said = process.communicate(timeout=120)
    assert there == here, said

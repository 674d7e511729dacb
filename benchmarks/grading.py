"""How long a class takes to grade, and how much memory: `mldebt grade` beside nbgrader, on the same notebooks.

    python benchmarks/grading.py                          # 24 learners, unit 03, as many workers as cores
    python benchmarks/grading.py --learners 60 --unit 05-practice
    python benchmarks/grading.py --sizes 24,1000,10000    # only mldebt: how do time and memory grow with the class?

Each learner hands in the committed exercise with answers drawn from the unit's bank of attempts, right and wrong
ones alike; of those only the ones that get all points or none, as nbgrader's check cells give no other. No two
notebooks are the same, so nothing is known from before.

What the figures mean:

- Seconds are wall clock, from the start of the first process to the end of the last, with marks in a gradebook and a
  page of feedback for each learner on both sides. mldebt contains every submission in a sandbox of its own; nbgrader
  runs each one in a kernel, with the rights of whoever grades, and making its assignment is not counted.
- nbgrader grades one submission after another. It is run as it comes, and once more tuned: the class split by hand
  over as many courses as workers, each with a gradebook of its own, and kernels that are ended without waiting.
- The floor is the time of the learners' cells, one after the other in one warm IPython shell: no process is started,
  nothing is contained, checked or recorded. What lies between it and one worker is the price of a mark.
- Memory is the highest sum of the resident memory of a tool's processes, sampled ten times a second. Pages that
  processes share count once for each of them, so it is an upper bound. The
  first process is the command itself, which knows the whole class; the others know one submission at a time.
- With few learners the start of each tool is most of its time, the start of every worker included.

The times depend on the machine and on what else it does. The ratios come from one run on one machine, and only they
are worth quoting. Ends with 1 when the tools, or a tool and the bank, do not agree on a mark.
"""

import contextlib
import csv
import io
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import click
import psutil
from nbgrader_course import Course
from rich.console import Console
from rich.table import Table

from mldebt import units
from mldebt.build.attempts import read_attempts, try_code
from mldebt.check import Status
from mldebt.check.source import ANY_MARKER, marker
from mldebt.lab import kernel
from mldebt.room.shell import make_shell

EXERCISES = Path(__file__).resolve().parent.parent / "exercises"
CORES = os.cpu_count() or 1
MB = 1 << 20

Marks = dict[tuple[str, str], float | None]
Bank = dict[str, dict[float, list[str]]]
"""The attempts at each question, by the points that they get."""


@dataclass
class Cost:
    """What a run took: seconds, and bytes of all its processes and of the largest one that was started directly."""

    seconds: float = 0.0
    tree: int = 0
    first: int = 0


@contextlib.contextmanager
def measured() -> Iterator[Cost]:
    """Measure what is started in the block, by looking at the processes below this one."""
    cost, done, here = Cost(), threading.Event(), psutil.Process()

    def resident(process: psutil.Process) -> int:
        try:
            return int(process.memory_info().rss)
        except psutil.Error:  # it has ended
            return 0

    def sample() -> None:
        while not done.wait(0.1):
            below = {process.pid: resident(process) for process in here.children(recursive=True)}
            cost.tree = max(cost.tree, sum(below.values()))
            cost.first = max([cost.first, *(below.get(process.pid, 0) for process in here.children())])

    os.sync()  # or a tool would be slowed down by what the one before it still has to write to the disk
    sampler = threading.Thread(target=sample)
    sampler.start()
    began = time.perf_counter()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - began
        done.set()
        sampler.join()


def read_bank(unit: units.Unit) -> Bank:
    """Return the attempts that get all points or none, whatever the check draws."""
    bank: Bank = {id: {} for id in unit.questions}
    for attempt in read_attempts(unit):
        if attempt.status is Status.TIMED_OUT:  # that would measure how patient the tools are
            continue
        earned = {try_code(unit, attempt.question, attempt.code, seed).earned for seed in range(3)}
        if earned in ({0.0}, {unit.questions[attempt.question].points}):
            bank[attempt.question].setdefault(earned.pop(), []).append(attempt.code)
    return bank


def hand_in(unit: units.Unit, bank: Bank, learners: int, seed: int, folder: Path) -> Marks:
    """Write `folder/<learner>/<unit>.ipynb` for a class and return the marks that the bank says it must get."""
    exercise = json.loads((EXERCISES / f"{unit.name}.ipynb").read_text(encoding="utf-8"))
    draw, marks = Random(f"{seed}/{unit.name}"), Marks()
    for number in range(1, learners + 1):
        learner, notebook = f"learner-{number:05d}", deepcopy(exercise)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and (found := ANY_MARKER.match("".join(cell["source"]))):
                by_points = bank[found[1]]
                earned = draw.choice(sorted(by_points))
                source = f"{marker(found[1])}\n# {learner}\n{draw.choice(by_points[earned])}".rstrip()
                cell["source"] = source.splitlines(keepends=True)
                marks[learner, found[1]] = earned
        path = folder / learner / f"{unit.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return marks


def run_mldebt(folder: Path, jobs: int, env: dict[str, str]) -> tuple[Cost, Marks]:
    """Grade `folder/submissions` with a new gradebook; return the cost and the marks."""
    made = folder / f"mldebt-{jobs}"
    made.mkdir()
    options: list[str | Path] = ["--gradebook", made / "class.db", "--feedback", made / "feedback", "--jobs", str(jobs)]
    with measured() as cost:
        done = subprocess.run(
            [sys.executable, "-m", "mldebt", "grade", folder / "submissions", *options, "--format", "csv"],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    learners = len(list((made / "feedback").glob("*/index.html")))
    if done.returncode:
        raise click.ClickException(f"mldebt grade ended with {done.returncode}:\n{done.stderr[-2000:]}")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    if learners != len({row["learner"] for row in rows}):
        raise click.ClickException(f"mldebt wrote feedback for {learners} learners.")
    return cost, {(row["learner"], row["question"]): float(row["earned"]) for row in rows}


def run_nbgrader(folder: Path, course: Course, processes: int, tuned: bool) -> tuple[Cost, Marks]:
    """Grade `folder/submissions` in as many copies of a course as processes; return the cost and the marks."""
    name = "tuned" if tuned else "plain"
    courses = [course.copy(folder / f"nbgrader-{name}-{number}", tuned) for number in range(processes)]
    handed_in = sorted((folder / "submissions").glob("*/*.ipynb"))
    for number, path in enumerate(handed_in):
        courses[number % processes].hand_in(path.parent.name, path)
    with measured() as cost, ThreadPoolExecutor(processes) as pool:
        list(pool.map(Course.grade, courses))
    pages = sum(each.pages() for each in courses)
    if pages != len(handed_in):
        raise click.ClickException(f"nbgrader wrote {pages} pages of feedback for {len(handed_in)} submissions.")
    return cost, {key: earned for each in courses for key, earned in each.marks().items()}


def floor(submissions: Path) -> float:
    """Return the seconds that the learners' cells take in a warm shell. Changes the process that calls it."""
    folder = submissions.parent / "floor"  # the cells may write files
    folder.mkdir()
    os.chdir(folder)
    shell, seconds = make_shell(), 0.0
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(submissions.glob("*/*.ipynb"))]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for warm in (False, True):
            for notebook in notebooks:
                for cell in notebook["cells"]:
                    if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("grade", False):
                        began = time.perf_counter()
                        shell.run_cell("".join(cell["source"]), store_history=True)
                        seconds += warm * (time.perf_counter() - began)
                _forget(shell)
    return seconds


def _forget(shell: Any) -> None:
    """Let the shell be as new, with what it has imported."""
    kernel._records.pop(id(shell)).close()
    shell.reset(new_session=False)
    shell.execution_count = 1  # IPython's reset goes through all numbers that there have been
    shell.history_manager.reset(new_session=False)


def environment(folder: Path) -> dict[str, str]:
    """Return variables with which no tool reads the user's settings or writes to the user's folders."""
    settings = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
    tools = Path(sys.executable).parent  # nbgrader calls alembic by its name
    return {**os.environ, **settings, "MLDEBT_NO_PROGRESS": "1", "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


def _but_first(folder: str, names: list[str]) -> list[str]:
    """Name what to leave out of a copy of a class: all but its first learners."""
    return sorted(names)[8:]


def differences(found: dict[str, Marks]) -> list[str]:
    """Name each question of each learner on which the marks are not all the same."""
    keys = sorted({key for marks in found.values() for key in marks})
    said = []
    for key in keys:
        earned = {name: marks.get(key) for name, marks in found.items()}
        if None in earned.values() or len(set(earned.values())) > 1:
            said.append(f"{key[0]} {key[1]}: " + ", ".join(f"{name} {points}" for name, points in earned.items()))
    return said


def compare(unit: units.Unit, learners: int, jobs: int, seed: int, folder: Path, console: Console) -> bool:
    """Run both tools on a class, print the tables and return whether all marks agree."""
    env = environment(folder)
    marks = {"bank": hand_in(unit, read_bank(unit), learners, seed, folder / "submissions")}
    course = Course(folder / "nbgrader", unit.name, env)
    course.make(EXERCISES / f"{unit.name}.ipynb")
    plain, tuned, one, many = (
        "nbgrader",
        f"nbgrader, tuned, {jobs} at a time",
        "mldebt, 1 worker",
        f"mldebt, {jobs} workers",
    )
    costs: dict[str, Cost] = {}
    warm = folder / "warm"  # a few submissions first: while one tool runs, the system lets go of the other's files
    shutil.copytree(folder / "submissions", warm / "submissions", ignore=_but_first)
    run_nbgrader(warm, course, jobs, tuned=True)
    costs[plain], marks[plain] = run_nbgrader(folder, course, 1, tuned=False)
    costs[tuned], marks[tuned] = run_nbgrader(folder, course, jobs, tuned=True)
    run_mldebt(warm, jobs, env)
    costs[one], marks[one] = run_mldebt(folder, 1, env)
    if jobs == 1:
        many = one
    else:
        costs[many], marks[many] = run_mldebt(folder, jobs, env)
    os.environ |= env  # for the floor, which runs in a Python of its own
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        costs[bottom := "floor: the cells alone"] = Cost(pool.submit(floor, folder / "submissions").result())

    table = Table("tool", "seconds", "seconds a submission", "submissions a minute", "peak MB")
    for name, cost in costs.items():
        each, peak = cost.seconds / learners, f"{cost.tree / MB:.0f}" if cost.tree else "-"
        table.add_row(name, f"{cost.seconds:.2f}", f"{each:.3f}", f"{60 / each:.0f}", peak)
    console.print(table)
    table = Table("submissions a minute", "times")
    for fast, slow in dict.fromkeys([(many, plain), (many, tuned), (one, plain), (many, one), (bottom, one)]):
        if fast != slow:
            table.add_row(f"{fast} / {slow}", f"{costs[slow].seconds / costs[fast].seconds:.2f}")
    console.print(table)

    said = differences(marks)
    for line in said:
        click.echo(line, err=True)
    if not said:
        console.print(f"All {len(marks['bank'])} marks agree: {', '.join(marks)}.")
    return not said


def grow(unit: units.Unit, sizes: list[int], jobs: int, seed: int, folder: Path, console: Console) -> bool:
    """Run mldebt alone on classes of some sizes, print time and memory and return whether all marks agree."""
    bank, said = read_bank(unit), []
    many = f"{jobs} workers"
    table = Table("submissions", "seconds, 1 worker", many, "times", f"a minute, {many}", "peak MB", "first process")
    for size in sizes:
        part = folder / f"class-{size}"
        expected = hand_in(unit, bank, size, seed, part / "submissions")
        alone, first = run_mldebt(part, 1, environment(folder))
        cost, marks = (alone, first) if jobs == 1 else run_mldebt(part, jobs, environment(folder))
        said += differences({"bank": expected, f"1 worker, {size} learners": first, many: marks})
        ratio, each = alone.seconds / cost.seconds, 60 * size / cost.seconds
        seconds = [f"{alone.seconds:.1f}", f"{cost.seconds:.1f}", f"{ratio:.2f}", f"{each:.0f}"]
        table.add_row(str(size), *seconds, f"{cost.tree / MB:.0f}", f"{cost.first / MB:.0f}")
    console.print(table)
    for line in said:
        click.echo(line, err=True)
    return not said


def read_sizes(context: click.Context, option: click.Parameter, text: str) -> list[int]:
    """Read numbers between commas."""
    try:
        return [int(part) for part in text.split(",") if part]
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a list of numbers such as 24,1000") from None


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--learners", default=24, show_default=True, type=click.IntRange(1), help="Size of the class.")
@click.option(
    "--unit", default="03-keep-the-best", show_default=True, type=click.Choice(units.names()), help="What is handed in."
)
@click.option("--jobs", default=CORES, show_default=True, type=click.IntRange(1), help="Workers, besides one.")
@click.option("--seed", default=0, show_default=True, help="Who answers what is drawn from it.")
@click.option("--sizes", default="", callback=read_sizes, help="Run only mldebt, on classes of these sizes: 24,1000")
@click.option("--keep", type=click.Path(path_type=Path), help="A new folder for all that is made, which stays.")
def main(learners: int, unit: str, jobs: int, seed: int, sizes: list[int], keep: Path | None) -> None:
    """Grade the same class with mldebt and with nbgrader, and compare time, memory and marks."""
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    with contextlib.ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mldebt-benchmark-")))
        else:
            folder = keep.resolve()
            if folder.exists():
                raise click.ClickException(f"{keep} is there already; name a new folder.")
            folder.mkdir(parents=True)
        tools = ", ".join(f"{name} {version(name)}" for name in ("mldebt", "nbgrader", "ipykernel"))
        console.print(f"{tools}, Python {sys.version.split()[0]}, {CORES} cores, unit {unit}")
        loaded = units.load(unit)
        if sizes:
            agree = grow(loaded, sizes, jobs, seed, folder, console)
        else:
            agree = compare(loaded, learners, jobs, seed, folder, console)
    sys.exit(0 if agree else 1)


if __name__ == "__main__":
    main()

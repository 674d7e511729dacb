"""A real nbgrader course in a folder: one assignment, submissions, and the marks of its gradebook."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from nbgrader.api import Gradebook

# The exercises hold stubs of their own, which nbgrader would replace by its own text. All else is as it comes.
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.ClearSolutions.enabled = False
"""
# What makes it faster without changing a mark: it asks a kernel that is done to leave, and waits for it.
TUNED = 'c.Execute.shutdown_kernel = "immediate"\n'


@dataclass(frozen=True)
class Course:
    """A course folder with one assignment, named after the unit, which holds one notebook of the same name."""

    folder: Path
    unit: str
    env: Mapping[str, str]

    def make(self, exercise: Path, name: str = "") -> None:
        """Make the assignment from an exercise: once for a class, so it is not part of the time of grading it."""
        source = self.folder / "source" / self.unit
        source.mkdir(parents=True)
        shutil.copy(exercise, source / (name or exercise.name))
        (self.folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        self._run("generate_assignment")

    def copy(self, folder: Path, tuned: bool) -> "Course":
        """Copy the course with its gradebook to another folder."""
        shutil.copytree(self.folder, folder)
        (folder / "nbgrader_config.py").write_text(CONFIG + TUNED * tuned, encoding="utf-8")
        return Course(folder, self.unit, self.env)

    def hand_in(self, learner: str, notebook: Path, name: str = "") -> None:
        """Put a learner's notebook where nbgrader looks for it, under `name` or its own."""
        folder = self.folder / "submitted" / learner / self.unit
        folder.mkdir(parents=True)
        shutil.copy(notebook, folder / (name or notebook.name))

    def grade(self) -> None:
        """Run all submissions and write their feedback.

        A kernel that does not come up costs nbgrader that one submission and an exit code of 1. As its users do, run it
        again then: it takes up only what it has not graded, and the time counts.
        """
        try:
            self._run("autograde")
        except click.ClickException:
            click.echo("nbgrader autograde left something out and is run again", err=True)
            self._run("autograde")
        self._run("generate_feedback")

    def marks(self) -> dict[tuple[str, str], float | None]:
        """Return what the gradebook has for each learner and question; None asks for a human."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}", "benchmark") as gradebook:
            return {
                (handed_in.student.id, grade.cell.name.removesuffix("-check")): grade.auto_score
                for handed_in in gradebook.assignment_submissions(self.unit)
                for notebook in handed_in.notebooks
                for grade in notebook.grades
            }

    def pages(self) -> int:
        """Count the pages of feedback."""
        return len(list(self.folder.glob(f"feedback/*/{self.unit}/*.html")))

    def _run(self, command: str) -> None:
        with (self.folder / f"{command}.log").open("w") as log:
            done = subprocess.run(
                [sys.executable, "-m", "nbgrader", command, self.unit],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
        if done.returncode:
            end = Path(log.name).read_text(encoding="utf-8")[-2000:]
            raise click.ClickException(f"nbgrader {command} ended with {done.returncode}:\n{end}")

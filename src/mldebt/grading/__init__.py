"""Submissions to outcomes. `own` runs a notebook of one's own in a kernel; `grade` judges a stranger's in a room."""

from mldebt.grading.own import Judged, NotebookError, find_notebooks, judge_notebook

__all__ = ["Judged", "NotebookError", "find_notebooks", "judge_notebook"]

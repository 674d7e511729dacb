"""Run a notebook in a kernel of its own. nbclient does it; the settings that make runs repeatable are here."""

import os
import subprocess
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode


def execute(notebook: NotebookNode, folder: Path, *, allow_errors: bool = False, timeout: int = 120) -> NotebookNode:
    """Run all cells in place, in `folder`, at most `timeout` seconds a cell.

    A cell that takes longer is interrupted, and counts as failed. Raises nbclient's CellExecutionError at the
    first cell that fails, unless `allow_errors`; DeadKernelError when the kernel dies.
    """
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        allow_errors=allow_errors,
        interrupt_on_timeout=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    )
    # Sets print in the same order in every run, figures go where the notebook shows them, and the checks of the
    # notebook keep no progress: it is a tool that runs it, not the learner. The kernel's own log is dropped.
    backend = "module://matplotlib_inline.backend_inline"
    env = {**os.environ, "PYTHONHASHSEED": "0", "MPLBACKEND": backend, "MLDEBT_NO_PROGRESS": "1"}
    client.execute(env=env, stderr=subprocess.DEVNULL)
    return notebook

"""Running the learner's cells once more without a trace: no output, no figure, no file."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from IPython.utils.capture import capture_output

_SMALL = 1 << 20  # bytes


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Swallow what a re-run of the learner's cells prints, displays, plots and leaves in the current folder."""
    before = _figures()
    # A cell that is run again finds copies of the files beside the notebook, and what it writes goes with them.
    beside = [path for path in Path.cwd().iterdir() if path.suffix != ".ipynb" and path.is_file()]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.chdir(folder), capture_output():
        for path in beside:
            if path.stat().st_size <= _SMALL:
                shutil.copy(path, folder)
        yield
        for number in _figures() - before:
            sys.modules["matplotlib.pyplot"].close(number)


def _figures() -> set[int]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()

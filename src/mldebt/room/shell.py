"""An IPython shell without a kernel and without a screen: cells behave as in a notebook, outputs go nowhere.

What a submission prints and displays decides nothing and is not shown, so nothing of it is kept: a flood of
output costs only its own time. A check that judges what a cell prints runs that cell again and captures it.
"""

import builtins
import contextlib
import io
import os
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config


class Nowhere(io.TextIOBase):
    """A stream that takes text and keeps none. Its descriptor is that of the null device."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    encoding = "utf-8"
    errors = "replace"

    def writable(self) -> bool:
        """Say that text may be written."""
        return True

    def fileno(self) -> int:
        """Return a descriptor, which some libraries ask for."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Take text as a stream does, errors of type included."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        return len(text)


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(self, data: Any, metadata: Any = None, **others: Any) -> None:
        pass

    def clear_output(self, wait: bool = False) -> None:
        pass


class _Hook(DisplayHook):  # type: ignore[misc]
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, data: Any, metadata: Any = None) -> None:
        pass


class StdinNotImplementedError(RuntimeError):
    """What a notebook raises where nobody can type."""


def _no_input(prompt: str = "", *others: object) -> str:
    raise StdinNotImplementedError("there is nobody to type an input in an automated run")


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython's shell with a notebook's manners and no outputs."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    def init_sys_modules(self) -> None:
        """Let the notebook be `__main__`, as in a kernel."""
        sys.modules["__main__"] = self.user_module

    def enable_gui(self, gui: Any = None) -> None:
        """Have no event loop of a toolkit."""

    def ask_exit(self) -> None:
        """Ignore `exit`: the next cells run as in a notebook that was run to its end."""

    def _tee(self, channel: Any) -> Any:
        return contextlib.nullcontext()  # IPython 9 would keep a copy of all that is printed

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        pass

    def system_piped(self, command: str) -> None:
        """Run `!command` without a terminal."""
        import subprocess

        done = subprocess.run(
            self.var_expand(command, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        self.user_ns["_exit_code"] = done.returncode

    system = system_piped


def make_shell() -> Shell:
    """Make the shell of this process. History is kept in memory only, without a thread: the process forks."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    # Figures are closed at the end of a cell as in a notebook, and never drawn: drawing is most of a run's time.
    config.InlineBackend.figure_formats = set()
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    shell: Shell = Shell.instance(config=config)
    builtins.input = _no_input  # type: ignore[assignment]
    return shell

"""What every notebook that the course writes has in common: its kernel, and how it is written down."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def as_text(notebook: "NotebookNode") -> str:
    """Return the text of a notebook's file; equal notebooks give equal bytes."""
    import nbformat  # a second: grading, which writes no notebook, does not wait for it

    return str(nbformat.writes(notebook, version=4)).rstrip("\n") + "\n"

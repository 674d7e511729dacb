"""Figures with a text alternative, for those who do not see them.

JupyterLab and nbconvert show a PNG output without one, whatever its metadata say. An HTML output may carry it.
What a figure shows is said by the sentence under it; the alternative says what kind of figure it is, and of what.
"""

import base64
import html
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import print_figure
from IPython.display import display


def with_alternatives(shell: InteractiveShell) -> None:
    """Let the shell show each matplotlib figure as an image with an alternative. The learner's code stays as it is."""
    # By name: matplotlib is slow to import, and many notebooks draw nothing.
    formatter = shell.display_formatter.ipython_display_formatter
    formatter.for_type_by_name("matplotlib.figure", "Figure", _show)


def _show(figure: Any) -> None:
    if not figure.axes and not figure.lines:  # what IPython would not show either
        return
    said = alternative(figure)
    png = print_figure(figure, fmt="png", bbox_inches="tight", base64=True)
    if isinstance(png, bytes):
        png = base64.b64encode(png).decode()
    image = f'<img class="mldebt-figure" alt="{html.escape(said)}" src="data:image/png;base64,{png.strip()}">'
    display({"text/plain": said, "text/html": image}, raw=True)


def alternative(figure: Any) -> str:
    """Say what a figure is made of: for each of its plots the marks, the axes and the legend."""
    plots = [_plot(axes) for axes in figure.axes if axes.get_visible()]
    if len(plots) == 1:
        return f"Figure: {plots[0]}."
    numbered = (f"Plot {number}: {said}." for number, said in enumerate(plots, 1))
    return " ".join([f"Figure of {len(plots)} plots.", *numbered])


def _plot(axes: Any) -> str:
    parts = [f"“{axes.get_title()}”" if axes.get_title() else "", ", ".join(_marks(axes))]
    parts += [
        f"{way}: {label}" for way, label in (("across", axes.get_xlabel()), ("upwards", axes.get_ylabel())) if label
    ]
    if legend := axes.get_legend():
        title = legend.get_title().get_text() or "legend"
        parts.append(f"{title}: " + ", ".join(text.get_text() for text in legend.get_texts()))
    return "; ".join(part for part in parts if part) or "an empty plot"


def _marks(axes: Any) -> list[str]:
    """Name what is drawn: bars, lines, points, areas, an image."""
    from matplotlib.collections import PathCollection
    from matplotlib.container import BarContainer

    bars = sum(len(container) for container in axes.containers if isinstance(container, BarContainer))
    points = sum(isinstance(collection, PathCollection) for collection in axes.collections)
    # A line of two points is a mark across the plot, such as a limit.
    lines = sum(len(line.get_xdata()) > 2 for line in axes.lines)
    limits = len(axes.lines) - lines
    areas = len(axes.collections) - points
    counts = {
        "bar": bars,
        "line": lines,
        "straight line": limits,
        "group of points": points,
        "area": areas,
        "image": len(axes.images),
    }
    plural = {"group of points": "groups of points"}
    return [f"{n} {name if n == 1 else plural.get(name, f'{name}s')}" for name, n in counts.items() if n]

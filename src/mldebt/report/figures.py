"""Figures to show in class: no learner is named in them, and none says anything by colour alone.

Each function returns a Plot, which shows itself in a notebook and gives the page its SVG. Its text alternative says
what there is to see, in numbers.
"""

import base64
import html
import io
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from mldebt.check import Status
from mldebt.report import measures

# M. Okabe and K. Ito (2008), Color universal design.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
LOOKS = {
    str(Status.RIGHT.value): (GREEN, ""),
    str(Status.WRONG.value): (ORANGE, "//"),
    str(Status.BROKE.value): (VERMILION, "xx"),
    str(Status.TIMED_OUT.value): (PURPLE, "oo"),
    str(Status.NOT_ATTEMPTED.value): ("#dddddd", "..."),
    measures.NOT_JUDGED: ("#ffffff", "\\\\\\\\"),
}
_STYLE = {
    "svg.hashsalt": "mldebt",  # the same bytes each time
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
    "font.family": "DejaVu Sans",  # which matplotlib brings along
}
MOST = 12
"""Misconceptions in a figure."""


@dataclass(frozen=True)
class Plot:
    """A figure with its text alternative."""

    figure: Figure
    alternative: str

    def image(self, kind: str = "svg") -> str:
        """Return the figure as a data URL."""
        out = io.BytesIO()
        with mpl.rc_context(_STYLE):
            about = {"Date": None} if kind == "svg" else {}
            self.figure.savefig(out, format=kind, bbox_inches="tight", facecolor="white", metadata=about)
        media = "image/svg+xml" if kind == "svg" else f"image/{kind}"
        return f"data:{media};base64,{base64.b64encode(out.getvalue()).decode()}"

    def _repr_html_(self) -> str:
        said = html.escape(self.alternative)
        return f'<img class="mldebt-figure" alt="{said}" src="{self.image("png")}">'

    def __repr__(self) -> str:
        return self.alternative


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height))
        return figure, figure.subplots()


def _labels(questions: pd.DataFrame) -> list[str]:
    return [f"{unit[:2]} {question}" for unit, question, _ in measures.lines(questions)]


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def marks(rows: pd.DataFrame) -> Plot:
    """Draw how many learners have which share of all points."""
    found = measures.shares(rows)["all"].dropna()
    figure, axes = _axes(7, 3.2)
    counts, _, _ = axes.hist(found * 100, bins=list(range(0, 101, 10)), color=BLUE, edgecolor="white")
    axes.set(xlabel="share of all points (%)", ylabel="learners", xlim=(0, 100))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    said = f"Histogram of the share of all points of {len(found)} learners."
    if len(found):
        axes.axvline(found.median() * 100, color="black", linestyle="--")
        axes.set_title(f"dashed: the median, {_percent(found.median())}", loc="right", fontsize=10)
        said += f" Median {_percent(found.median())}. Learners in each tenth, lowest first: "
        said += ", ".join(f"{count:.0f}" for count in counts) + "."
    return Plot(figure, said)


def unit_marks(rows: pd.DataFrame) -> Plot:
    """Draw the spread of the shares of the points in each unit: half of the learners are in the box."""
    wide = measures.shares(rows).drop(columns="all")
    figure, axes = _axes(7, 1.2 + 0.45 * max(1, len(wide.columns)))
    columns = [wide[unit].dropna() * 100 for unit in wide.columns[::-1]]
    if columns:
        axes.boxplot(columns, orientation="horizontal", tick_labels=list(wide.columns[::-1]), widths=0.6,
                     patch_artist=True, boxprops={"facecolor": SKY}, medianprops={"color": "black", "linewidth": 2},
                     flierprops={"marker": "o", "markersize": 4})  # fmt: skip
    axes.set(xlabel="share of the unit's points (%)", xlim=(-3, 103))
    medians = ", ".join(f"{unit} {_percent(wide[unit].median())}" for unit in wide.columns)
    return Plot(figure, f"Box plots of the share of the points, one a unit. Medians: {medians or 'none'}.")


def outcomes(questions: pd.DataFrame) -> Plot:
    """Draw the share of each outcome in each question. Takes `measures.by_question`."""
    named = list(LOOKS)
    counts = questions[named].astype(float)
    portions = counts.div(counts.sum(axis=1).where(lambda total: total > 0), axis=0).fillna(0)[::-1] * 100
    labels = _labels(portions)
    figure, axes = _axes(7, 1.3 + 0.32 * max(1, len(labels)))
    left = np.zeros(len(labels))
    for outcome in named:
        if counts[outcome].sum() == 0:
            continue
        colour, hatch = LOOKS[outcome]
        wide = portions[outcome].to_numpy()
        axes.barh(labels, wide, left=left, color=colour, hatch=hatch, edgecolor="#333333", linewidth=0.5, label=outcome)
        left += wide
    axes.set(xlabel="share of the answers handed in (%)", xlim=(0, 100))
    if left.any():
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=3, frameon=False)
    right = zip(labels[::-1], portions[Status.RIGHT.value][::-1], strict=True)
    said = ", ".join(f"{label} {share:.0f} %" for label, share in right)
    return Plot(figure, f"Stacked bars, one a question, of the outcomes. Right: {said or 'no question yet'}.")


def discrimination(questions: pd.DataFrame) -> Plot:
    """Draw how well each question sets learners apart, with its interval. Takes `measures.by_question`."""
    known = questions[questions["discrimination"].notna()][::-1]
    labels = _labels(known)
    figure, axes = _axes(7, 1.2 + 0.32 * max(1, len(labels)))
    axes.axvline(0, color="black", linewidth=1)
    for place, (_, _, row) in enumerate(measures.lines(known)):
        value, below = row["discrimination"], row["discrimination"] < 0
        axes.errorbar(value, place, xerr=[[value - row["low"]], [row["high"] - value]], capsize=3,
                      color=VERMILION if below else BLUE, marker="s" if below else "o")  # fmt: skip
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="discrimination, with its 95 % interval (square: below zero)", xlim=(-1, 1),
             ylim=(-0.6, max(1, len(labels)) - 0.4))  # fmt: skip
    values = zip(labels[::-1], known["discrimination"][::-1], strict=True)
    said = ", ".join(f"{label} {value:.2f}" for label, value in values)
    return Plot(figure, f"Discrimination of each question, as a point with its 95 % interval: {said or 'none'}.")


def misconceptions(found: pd.DataFrame) -> Plot:
    """Draw the misconceptions that most learners had. Takes `measures.misconceptions`."""
    top = found.head(MOST)[::-1]
    named = zip(top["unit"], top["question"], top["misconception"], strict=True)
    labels = [f"{unit[:2]} {question} {name}" for unit, question, name in named]
    figure, axes = _axes(7, 1.2 + 0.34 * max(1, len(labels)))
    axes.barh(labels, top["count"].astype(int), color=ORANGE, edgecolor="#333333")
    axes.set(xlabel="learners")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    said = ", ".join(f"{label} {count}" for label, count in zip(labels[::-1], top["count"][::-1], strict=True))
    return Plot(figure, f"Bars of the most frequent misconceptions, by learners: {said or 'none'}.")


def stops(units: pd.DataFrame) -> Plot:
    """Draw how many handed in each unit, and for how many it was the last. Takes `measures.last_units`."""
    labels = [str(unit)[:2] for unit in units.index]
    figure, axes = _axes(7, 3)
    axes.bar(labels, units["handed in"], color=SKY, edgecolor="#333333", label="handed it in")
    axes.bar(labels, units["last for"], color=BLUE, hatch="//", edgecolor="white", width=0.4, label="and none after it")
    axes.set(xlabel="unit", ylabel="learners")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    if len(units):
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=2, frameon=False)
    counts = zip(labels, units["handed in"], units["last for"], strict=True)
    said = ", ".join(f"{label} {count} ({last})" for label, count, last in counts)
    return Plot(figure, f"Bars of how many handed in each unit (and for how many it was the last): {said or 'none'}.")

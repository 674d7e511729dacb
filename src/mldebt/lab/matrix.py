"""A table as a picture: the same few lines of matplotlib that several lessons need, and none is about."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def matrix(
    table: "pd.DataFrame", across: str, upwards: str, say: Callable[[Any], str], *, darkest: float = 1.0, slant: int = 0
) -> None:
    """Draw each cell of a table the darker, the larger its number, with what `say` makes of the number written in it.

    `across` and `upwards` are the labels of the axes, `darkest` is the number at which a cell is as dark as can be,
    and `slant` turns the names of the columns by so many degrees. A missing number leaves its cell empty.
    """
    import matplotlib.pyplot as plt  # slow, and many notebooks draw nothing

    numbers = table.astype(float).to_numpy()
    plt.imshow(numbers, cmap="Blues", vmin=0, vmax=darkest, aspect="auto")
    for row, column in zip(*table.notna().to_numpy().nonzero(), strict=True):
        colour = "white" if numbers[row, column] > 0.7 * darkest else "black"
        plt.text(column, row, say(table.iat[row, column]), ha="center", va="center", color=colour)
    plt.xticks(range(table.shape[1]), list(table.columns), rotation=slant, ha="right" if slant else "center")
    plt.yticks(range(table.shape[0]), list(table.index))
    plt.xlabel(across)
    plt.ylabel(upwards)
    plt.show()

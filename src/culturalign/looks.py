"""How arms look in a figure: color, marker and line; and legends that fit.

What is told by color is told by marker or line too. Seven colors are those of Okabe and Ito
(2008), wine is from Tol's "muted" scheme (SRON/EPS/TN/09-002), both safe for color-blind readers.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

COLORS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    *("#000000", "#882255", "#999999"),
)
MARKERS = "osD^vP*X<>"
"""One more than colors, so that the two come together again only after 90 arms."""
VANILLA_LINE = "--"
LINES: tuple[Any, ...] = (
    *("-", ":", "-."),
    *((0, (3, 1, 1, 1, 1, 1)), (0, (7, 2.5)), (0, (1, 4)), (0, (6, 2, 2, 2))),
    (0, (4, 1.5, 1, 1.5, 1, 1.5, 1, 1.5)),
)
"""Lines of what was done to a model."""


def look(number: int) -> dict[str, Any]:
    """Color and marker of the arm (or model) of a number, from 0."""
    return {"color": COLORS[number % len(COLORS)], "marker": MARKERS[number % len(MARKERS)]}


def line(number: int) -> dict[str, Any]:
    """Line of a treatment of a number, from 0; thicker once all lines are in use."""
    again, place = divmod(number, len(LINES))
    return {"ls": LINES[place], "lw": 1.2 * (1 + again)}


def grid(panels: int, most: int) -> tuple[int, int]:
    """Rows and columns for so many panels: at most ``most`` a row, in rows as even as can be."""
    rows = max(ceil(panels / most), 1)
    return rows, max(ceil(panels / rows), 1)


def add_legend(figure: Figure, handles: Sequence[Line2D], **style: Any) -> None:
    """Put a legend below all panels, in as few rows as fit into the figure's width."""
    for most in range(len(handles), 0, -1):
        _, columns = grid(len(handles), most)
        legend = figure.legend(
            handles=list(handles), loc="outside lower center", ncols=columns, frameon=False,
            fontsize=7, **{"handlelength": 4, **style},
        )  # fmt: skip
        if legend.get_window_extent().width <= figure.bbox.width or most == 1:
            return
        legend.remove()

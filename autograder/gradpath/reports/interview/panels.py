"""The picture of a question about curves: four panels with the same axes, over the right run."""

from __future__ import annotations

import io
import warnings

import numpy as np
from matplotlib.ticker import MaxNLocator, NullFormatter

from gradpath.course import style
from gradpath.reports.feedback.pictures import for_page
from gradpath.reports.interview.asked import Drawing
from gradpath.reports.interview.curves import limits
from gradpath.worker.codec import Array

_SIZE = (6.4, 4.3)


def panels_svg(drawing: Drawing, prefix: str, slug: str = "") -> str:
    """Draw the options A to D, two beside two; nothing in the picture tells which one is right.

    Args:
        drawing: the curves.
        prefix: keeps the ids of several pictures in one page apart.
        slug: the assignment, whose texts the names of the axes are.
    """
    with style.styled(), warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        figure = style.new_figure(*_SIZE, fixed=True)
        figure.subplots_adjust(0.12, 0.12, 0.98, 0.94, 0.08, 0.24)
        grid = figure.subplots(2, 2, sharex=True, sharey=True).reshape(-1)
        for axes, option in zip(grid, drawing.options, strict=True):
            axes.plot(_steps(drawing.expected, drawing), drawing.expected, "--", color=style.SKY)
            markers = "." if len(option.values) <= 40 else ""
            line = f"{markers}-"
            axes.plot(_steps(option.values, drawing), option.values, line, color=style.INK)
            axes.set_title(option.letter, loc="left", weight="bold", pad=3)
            axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
            axes.label_outer()
        values = [option.values for option in drawing.options]
        if drawing.log:
            grid[0].set_yscale("log")
            for axes in grid:
                axes.yaxis.set_minor_formatter(NullFormatter())
        grid[0].set_ylim(*limits(drawing.expected, values, log=drawing.log))
        for axes in grid[2:]:
            axes.set_xlabel(style.label(drawing.x, slug))
        for axes in grid[::2]:
            axes.set_ylabel(style.label(drawing.y, slug))
        figure.patch.set_visible(False)
        svg = io.StringIO()
        figure.savefig(svg, format="svg", metadata=dict.fromkeys(("Creator", "Date")))
    return for_page(svg.getvalue(), prefix)


def _steps(values: Array, drawing: Drawing) -> Array:
    return np.arange(len(values)) + drawing.first

"""The pictures of rosenbrock's text: the way down the valley, and the losses along it."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from gradpath.course.declare import WIDTH, Pictures, documented, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told


@functools.cache
def _descent(module: ModuleType) -> dict[str, Any]:
    run = documented("rosenbrock")
    record: dict[str, Any] = module.descend(
        run["start"], run["step_size"], run["tolerance"], run["max_iterations"]
    )
    return record


@pictures.add("valley")
def valley(module: ModuleType) -> Figure:
    from matplotlib import ticker
    from matplotlib.colors import LinearSegmentedColormap

    start = documented("rosenbrock")["start"]
    points = np.vstack([[start], _descent(module)["points"]])
    figure = style.new_figure(WIDTH, 4.9)
    axes = figure.subplots()
    x, y = np.meshgrid(np.linspace(-0.4, 1.4, 900), np.linspace(-0.3, 1.3, 800))
    values = module.rosenbrock(x, y)
    # Half a decade from line to line: the valley's floor and its walls differ by five decades.
    levels = 10.0 ** np.arange(-2.5, 3.0, 0.5)
    blues = LinearSegmentedColormap.from_list("", ("#FFFFFF", "#D3E5F2", "#8DBBDD", "#3B7DB4"))
    shades = axes.contourf(x, y, values, levels=levels, cmap=blues, norm="log", extend="both")
    # On the floor, lines would lie so close together that they hide it.
    axes.contour(x, y, values, levels=levels[levels > 0.09], colors="#4A7396", linewidths=0.5)
    bar = figure.colorbar(shades, ax=axes, ticks=levels[1::2], fraction=0.05, pad=0.02)
    bar.ax.yaxis.set_major_formatter(ticker.LogFormatterMathtext())
    bar.set_label("$f(x, y)$")
    bar.minorticks_off()
    axes.plot(*points.T, color=style.VERMILION, linewidth=2.6, label=told("path of the descent"))
    axes.plot(*start, "s", color=style.INK, markersize=8, label=told("start $(0, 0)$"))
    axes.plot(*points[-1], "o", color=style.VERMILION, markersize=7, label=told("end of the path"))
    axes.plot(1, 1, "*", color=style.INK, markersize=13, label=told("minimum $(1, 1)$"))
    axes.set(xlabel="$x$", ylabel="$y$", aspect="equal")
    axes.grid(False)
    axes.legend(loc="upper left", frameon=True, framealpha=0.95, edgecolor="none")
    return figure


@pictures.add("losses")
def rosenbrock_losses(module: ModuleType) -> Figure:
    run = documented("rosenbrock")
    losses = _descent(module)["losses"]
    figure = style.new_figure(WIDTH, 3.6)
    axes = figure.subplots()
    axes.semilogy(np.arange(1, len(losses) + 1), losses, color=style.BLUE)
    axes.axhline(run["tolerance"], color=style.GREY, linestyle="--", linewidth=1.2)
    tolerance = told("tolerance {number:g}", number=run["tolerance"])
    axes.text(60, run["tolerance"] * 1.12, tolerance, color="#555555")
    axes.plot(len(losses), losses[-1], "o", color=style.BLUE, markersize=6)
    axes.annotate(
        told("{count} updates", count=len(losses)),
        (len(losses), losses[-1]),
        (2, -17),
        textcoords="offset points",
        ha="right",
    )
    axes.set(xlabel=told("update"), ylabel=told("loss $f$ after the update"))
    axes.set(xlim=(-80, 6050), ylim=(4.5e-4, 1.5))
    axes.grid(which="minor", alpha=0.35)
    return figure

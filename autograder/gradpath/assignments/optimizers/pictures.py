"""The pictures of optimizers' text: five paths down a bowl, and the losses along them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from gradpath.assignments.optimizers.public import SETTINGS
from gradpath.course.declare import WIDTH, Pictures, documented, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told

_STEPS = 40
_COLOURS = dict(
    zip(
        SETTINGS,
        (style.BLUE, style.VERMILION, style.GREEN, style.INK, style.ORANGE),
        strict=True,
    )
)


def _path(module: ModuleType, rule: str) -> Any:
    """Walk down the bowl with one rule; the start is the first point."""
    run = documented("optimizers")
    points = [np.array(run["start"])]
    for _ in range(_STEPS):
        gradients = np.array(points) * [1.0, 20.0]
        walk = getattr(module, rule)
        points.append(walk(points[0], gradients, run["learning_rate"], *SETTINGS[rule])[-1])
    return np.array(points)


@pictures.add("five_paths")
def five_paths(module: ModuleType) -> Figure:
    figure = style.new_figure(WIDTH, 5.6)
    x, y = np.meshgrid(np.linspace(-0.9, 2.3, 300), np.linspace(-0.75, 0.75, 200))
    surface = 0.5 * x**2 + 10 * y**2
    grid = figure.subplots(3, 2, sharex=True, sharey=True)
    for axes, rule in zip(grid.flat, SETTINGS, strict=False):
        path = _path(module, rule)
        axes.contour(
            x, y, surface, levels=2.0 ** np.arange(-5, 4), colors=style.SKY, linewidths=0.7
        )
        axes.plot(*path.T, "o-", color=_COLOURS[rule], markersize=2.5, linewidth=1.2)
        axes.plot(*path[0], "s", color=style.INK, markersize=5)
        axes.plot(0.0, 0.0, "*", color=style.INK, markersize=10)
        axes.set_title(rule, fontsize="medium")
        axes.grid(False)
    for axes in (grid[1, 1], grid[2, 0]):
        axes.set_xlabel("$x$")
        axes.tick_params(labelbottom=True)
    for axes in grid[:, 0]:
        axes.set_ylabel("$y$")
    grid[2, 1].set_visible(False)
    return figure


@pictures.add("losses")
def optimizers_losses(module: ModuleType) -> Figure:
    run = documented("optimizers")
    record = module.compare(run["start"], run["learning_rate"], _STEPS)
    figure = style.new_figure(WIDTH, 3.8)
    axes = figure.subplots()
    steps = np.arange(1, _STEPS + 1)
    for rule, losses in record.items():
        axes.semilogy(steps, losses, color=_COLOURS[rule], label=rule, linewidth=1.6)
    axes.set(xlabel=told("step"), ylabel=told("loss $f$ after the step"), xlim=(0, _STEPS + 1))
    axes.set_ylim(1e-6, 10.0)
    axes.legend(loc="lower left", ncols=2)
    return figure

"""The picture of mse_sweep's text: the loss over the weight."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from gradpath.course.declare import WIDTH, Pictures, documented, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told


@pictures.add("loss_over_w")
def loss_over_w(module: ModuleType) -> Figure:
    data = documented("mse_sweep")
    weights = module.weight_grid()
    losses = module.sweep(np.array(data["x"]), np.array(data["y"]), weights)
    best = module.best_weight(weights, losses)
    figure = style.new_figure(WIDTH, 3.9)
    axes = figure.subplots()
    axes.plot(weights, losses, "o-", color=style.BLUE, markersize=3.5, linewidth=1.5)
    lowest = float(np.min(losses))
    axes.plot(best, lowest, "o", color=style.VERMILION, markersize=9, clip_on=False, zorder=3)
    axes.annotate(
        told("minimum at $w = {best:g}$", best=float(best)),
        (best, lowest),
        (0, 34),
        textcoords="offset points",
        ha="center",
        color=style.VERMILION,
        arrowprops={"arrowstyle": "-", "color": style.VERMILION, "shrinkB": 6},
    )
    for index, side in ((0, "left"), (-1, "right")):
        axes.annotate(
            f"{losses[index]:.2f}",
            (weights[index], losses[index]),
            (10 if side == "left" else -10, 0),
            textcoords="offset points",
            ha=side,
            va="center",
        )
    axes.set(xlabel=told("weight $w$"), ylabel=told(r"loss $\mathrm{MSE}(w)$"), ylim=(0, 20))
    axes.set_xlim(-0.1, 4.1)
    axes.set_yticks(range(0, 21, 5))
    return figure

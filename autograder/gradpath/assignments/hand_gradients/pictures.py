"""The picture of hand_gradients' text: the steps on the samples' parabolas, and the losses."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from gradpath.course.declare import WIDTH, Pictures, documented, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

pictures = Pictures()
told = pictures.told


@pictures.add("descent_on_the_parabolas")
def descent_on_the_parabolas(module: ModuleType) -> Figure:
    run, data = documented("hand_gradients"), documented("mse_sweep")
    words = data["x"], data["y"], run["w0"], run["learning_rate"], run["epochs"]
    after, before = module.train(*words), module.train_autograd(*words)
    figure = style.new_figure(WIDTH, 3.7)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    _steps_on_parabolas(left, module, [run["w0"], *after["weights"]], data["x"], data["y"])
    epochs = np.arange(run["epochs"])
    right.plot(epochs, before["losses"], "s--", color=style.ORANGE, label=told("before the update"))
    right.plot(epochs, after["losses"], "o-", color=style.BLUE, label=told("after the update"))
    right.set(xlabel=told("epoch"), ylabel=told(r"loss $\ell$ of the last sample"), ylim=(-0.15, 8))
    right.set_xticks(range(0, 10, 3))
    right.legend()
    return figure


def _steps_on_parabolas(
    axes: Axes, module: ModuleType, weights: list[float], xs: list[float], ys: list[float]
) -> None:
    grid = np.linspace(0.9, 2.1, 200)
    colours = (style.GREEN, style.SKY, style.VERMILION)
    for number, (x, y, colour, marker) in enumerate(zip(xs, ys, colours, "os^", strict=True)):
        axes.plot(grid, module.loss(x, y, grid), color=colour, linewidth=1.2, alpha=0.55)
        own = range(number, len(weights) - 1, len(xs))
        label = f"$x = {x:g},\\ y = {y:g}$"
        ends = [weights[update + 1] for update in own]
        heights = [module.loss(x, y, w) for w in ends]
        axes.plot(ends, heights, marker, color=colour, label=label)
        for update in own:
            # The way that this update goes down on its own sample's parabola.
            step = np.linspace(weights[update], weights[update + 1], 12)
            axes.plot(step, module.loss(x, y, step), color=colour, linewidth=2.4)
    axes.set(xlabel=told("weight $w$"), ylabel=told(r"loss $\ell(w)$ of one sample"))
    axes.set(xlim=(0.95, 2.08), ylim=(-0.18, 9.4))
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1])

"""Plots of mse_sweep: the grid, and the loss over it."""

from __future__ import annotations

from gradpath.course.declare import Curve

_LOSS = r"loss $\mathrm{MSE}(w)$"

PLOTS = (
    Curve("weight_grid.values", x="position in the grid", y="weight $w$", first=0),
    Curve("sweep.documented", x="weight $w$", y=_LOSS, title="documented weights", over=2),
    Curve("sweep.documented", x="weight $w$", y=_LOSS, title="the whole grid", case=1, over=2),
    Curve("plot_sweep.curve", "curve.y", x="weight $w$", y=_LOSS, title="your curve", over=0),
)

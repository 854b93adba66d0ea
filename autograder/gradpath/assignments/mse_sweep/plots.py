"""What `check --plot` draws of mse_sweep: the grid, and the loss over it."""

from __future__ import annotations

from gradpath.plots import Curve

PLOTS = (
    Curve("weight_grid.values", x="position in the grid", y="weight $w$", first=0),
    Curve("sweep.documented", x="weight $w$", y=r"loss $\mathrm{MSE}(w)$", case=1, over=2),
)

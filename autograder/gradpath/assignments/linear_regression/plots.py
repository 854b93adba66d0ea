"""Plots of linear_regression: the losses of both runs, and where they end."""

from __future__ import annotations

from gradpath.course.declare import Curve, Elements

_BY_HAND, _AUTOGRAD = "train_numpy.documented", "train.documented"

PLOTS = (
    Curve(_BY_HAND, "losses", x="epoch", y="MSE $L$ before the update"),
    Curve(_AUTOGRAD, "losses", x="epoch", y="MSE $L$ before the update"),
    Elements(_BY_HAND, ("w", "b"), title="w and b after the last epoch"),
    Elements(_AUTOGRAD, ("w", "b"), title="w and b after the last epoch"),
)

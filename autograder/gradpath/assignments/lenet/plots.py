"""Plots of lenet: the losses of both runs, and the bias of conv1 on its way."""

from __future__ import annotations

from gradpath.course.declare import Curve, Together

_BY_HAND, _OPTIM = "train_manual.documented", "train_optim.documented"

PLOTS = (
    Curve(_BY_HAND, "losses", y="loss $L$ before the update"),
    Curve(_OPTIM, "losses", y="loss $L$ before the update"),
    Curve(_BY_HAND, "biases", y="bias of conv1, by channel"),
    Curve(_OPTIM, "biases", y="bias of conv1, by channel"),
)

PAGE_PLOTS = (
    Together((PLOTS[0], PLOTS[1]), title="train_manual and train_optim: losses"),
    PLOTS[2],
    PLOTS[3],
)

"""Plots of hidden_layer: the losses of both runs, and where they end."""

from __future__ import annotations

from gradpath.course.declare import Curve, Elements, Regions, Together

_BY_HAND, _OPTIM = "train_manual.documented", "train_optim.documented"

PLOTS = (
    Curve(_BY_HAND, "losses", x="epoch", y="loss $L$ before the update"),
    Curve(_OPTIM, "losses", x="epoch", y="loss $L$ before the update"),
    Elements(
        _BY_HAND,
        ("parameters.W1", "parameters.B1", "parameters.Wout", "parameters.Bout"),
        title="parameters after the last epoch",
    ),
    Elements(
        _OPTIM,
        (
            "model.linear1.weight",
            "model.linear1.bias",
            "model.linear2.weight",
            "model.linear2.bias",
        ),
        title="weights after the last epoch",
    ),
)

PAGE_PLOTS = (
    Together((PLOTS[0], PLOTS[1]), title="train_manual and train_optim: losses"),
    Regions(
        _BY_HAND,
        ("parameters.W1", "parameters.B1", "parameters.Wout", "parameters.Bout"),
        samples=0,
        labels=1,
        x="$x_1$",
        y="$x_2$",
        title="train_manual: decision regions",
    ),
    PLOTS[2],
    PLOTS[3],
)

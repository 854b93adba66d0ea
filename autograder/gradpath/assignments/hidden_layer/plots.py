"""Plots of hidden_layer: the losses of its runs, and where they end."""

from __future__ import annotations

from gradpath.course.declare import Curve, Elements, Regions, Together

_BY_HAND, _XOR, _OPTIM = "train_manual.documented", "train_manual.xor", "train_optim.documented"
_PARAMETERS = ("parameters.W1", "parameters.B1", "parameters.Wout", "parameters.Bout")


def _losses(check: str, title: str = "") -> Curve:
    return Curve(check, "losses", x="epoch", y="loss $L$ before the update", title=title)


def _regions(check: str, title: str) -> Regions:
    return Regions(check, _PARAMETERS, samples=0, labels=1, x="$x_1$", y="$x_2$", title=title)


PLOTS = (
    _losses(_BY_HAND),
    _losses(_OPTIM),
    _losses(_XOR, "losses for XOR"),
    Elements(_BY_HAND, _PARAMETERS, title="parameters after the last epoch"),
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
    Together((_losses(_BY_HAND), _losses(_OPTIM)), title="train_manual and train_optim: losses"),
    _regions(_BY_HAND, "train_manual: decision regions"),
    PLOTS[2],
    _regions(_XOR, "train_manual: decision regions for XOR"),
    PLOTS[3],
    PLOTS[4],
)

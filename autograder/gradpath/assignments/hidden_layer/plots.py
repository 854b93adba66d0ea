"""What `check --plot` draws of hidden_layer: the losses of both runs, and where they end."""

from __future__ import annotations

from gradpath.plots import Curve, Elements

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

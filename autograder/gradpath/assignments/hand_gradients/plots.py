"""What `check --plot` draws of hand_gradients: both runs of the documented data, side by side."""

from __future__ import annotations

from gradpath.plots import Curve

_BY_HAND, _AUTOGRAD = "train.documented", "train_autograd.documented"

PLOTS = (
    Curve(_BY_HAND, "weights", x="update", y="weight $w$"),
    Curve(_AUTOGRAD, "weights", x="update", y="weight $w$"),
    Curve(_BY_HAND, "gradients", x="update", y="gradient $g$"),
    Curve(_AUTOGRAD, "gradients", x="update", y="gradient $g$"),
    Curve(_BY_HAND, "losses", x="epoch", y=r"loss $\ell$ after the update", first=0),
    Curve(_AUTOGRAD, "losses", x="epoch", y=r"loss $\ell$ before the update", first=0),
)

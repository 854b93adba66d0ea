"""Plots of hand_gradients: both runs of the documented data, side by side."""

from __future__ import annotations

from gradpath.course.declare import Curve, Together

_BY_HAND, _AUTOGRAD = "train.documented", "train_autograd.documented"

PLOTS = (
    Curve(_BY_HAND, "weights", x="update", y="weight $w$"),
    Curve(_AUTOGRAD, "weights", x="update", y="weight $w$"),
    Curve(_BY_HAND, "gradients", x="update", y="gradient $g$"),
    Curve(_AUTOGRAD, "gradients", x="update", y="gradient $g$"),
    Curve(_BY_HAND, "losses", x="epoch", y=r"loss $\ell$ after the update", first=0),
    Curve(_AUTOGRAD, "losses", x="epoch", y=r"loss $\ell$ before the update", first=0),
)

PAGE_PLOTS = (
    Together((PLOTS[0], PLOTS[1]), title="train and train_autograd: weights"),
    Together((PLOTS[2], PLOTS[3]), title="train and train_autograd: gradients"),
    PLOTS[4],
    PLOTS[5],
)

"""Plots of training_tools: the scales by layer, and the losses and weights of the training."""

from __future__ import annotations

from gradpath.course.declare import Curve, Elements

_SCALES, _TRAINING = "activation_scales.run_of_the_text", "train_accumulated.documented"
_LARGE = "train_accumulated.large_batch"
_DEVIATION = "standard deviation"

PLOTS = (
    Curve(_SCALES, "scales", x="layer", y=_DEVIATION, title="scales with Xavier's weights"),
    Curve(_SCALES, "scales", x="layer", y=_DEVIATION, title="scales with He's weights", case=1),
    Curve(_TRAINING, "losses", x="batch", y="loss before the update"),
    Elements(
        _TRAINING,
        tuple(f"parameters.{name}" for name in ("0.weight", "0.bias", "2.weight", "2.bias")),
        title="parameters after the last update",
    ),
)

PAGE_PLOTS = (
    *PLOTS,
    Elements(
        _LARGE,
        ("parameters.weight", "parameters.bias"),
        title="parameters after three groups of five",
    ),
)

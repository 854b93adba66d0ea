"""Public checks of hand_gradients: the documented run, and examples that can be done on paper."""

from __future__ import annotations

import numpy as np

from gradpath.course.declare import (
    AUTOGRAD,
    FORMULA,
    TRAJECTORY,
    Cases,
    Numbers,
    PublicChecks,
    Record,
    Tensor,
    case,
    documented,
)

checks = PublicChecks()

_RUN = documented("hand_gradients")
_X = np.array([1.0, 2.0, 3.0])
_Y = np.array([2.0, 4.0, 6.0])
GRAPH = Record({"result": FORMULA, "slope.w": FORMULA})
FIELDS = {"gradients": TRAJECTORY, "weights": TRAJECTORY, "losses": TRAJECTORY}
MADE_BY = {"gradients": "gradient"}


@checks.add("predict.examples")
def predict_examples() -> Cases:
    """The prediction is x times w"""
    yield case("predict", 4.0, 1.0, expect=Numbers(FORMULA))
    yield case("predict", -1.5, 3.0, expect=Numbers(FORMULA))
    yield case("predict", _X, 0.5, expect=Numbers(FORMULA))
    yield case("predict", 3.0, Tensor(np.array(0.5), True), probe=True, expect=GRAPH)


@checks.add("loss.examples")
def loss_examples() -> Cases:
    """The loss is the squared error of each sample"""
    yield case("loss", 1.0, 2.0, 1.0, expect=Numbers(FORMULA))
    yield case("loss", 3.0, 6.0, 1.0, expect=Numbers(FORMULA))
    yield case("loss", 2.0, -1.0, 0.5, expect=Numbers(FORMULA))
    yield case("loss", _X, _Y, 0.5, expect=Numbers(FORMULA))
    yield case("loss", 3.0, 6.0, Tensor(np.array(0.5), True), probe=True, expect=GRAPH)


@checks.add("gradient.examples", weight=2)
def gradient_examples() -> Cases:
    """The derivative is right at a few points"""
    yield case("gradient", 1.0, 2.0, 1.0, expect=Numbers(FORMULA))
    yield case("gradient", 2.0, 4.0, 1.0, expect=Numbers(FORMULA))
    yield case("gradient", 3.0, 6.0, 0.5, expect=Numbers(FORMULA))
    yield case("gradient", -2.0, 1.0, 1.5, expect=Numbers(FORMULA))
    # Here the prediction lies above the target.
    yield case("gradient", 3.0, -1.0, 0.5, expect=Numbers(FORMULA))
    yield case("gradient", -0.5, -4.0, 2.0, expect=Numbers(FORMULA))
    yield case("gradient", _X, _Y, 3.5, expect=Numbers(FORMULA))
    yield case("gradient", Tensor(_X), Tensor(_Y), 0.5, expect=Numbers(FORMULA))


checks.rule(
    "gradient.by_hand",
    "The derivative is written down, not left to autograd",
    forbidden=AUTOGRAD,
    reason="this function is to be derived by hand",
    after="gradient.examples",
    watch=(1.7, 4.3, 0.6),
)


_FEW_STEPS = ([1.7, -0.8], [4.3, 2.9], 0.6, 0.05, 1)
"""For the calls that are watched: numbers of which none comes from another."""


@checks.add("train.documented", watch=case("train", *_FEW_STEPS, expect=Record(FIELDS)))
def train_documented() -> Cases:
    """The run by hand follows the documented run, step by step"""
    w0, lr, epochs = _RUN["w0"], _RUN["learning_rate"], _RUN["epochs"]
    record = Record(FIELDS, made_by=MADE_BY)
    yield case("train", _X, _Y, w0, lr, epochs, expect=record)
    yield case("train", list(_X), tuple(_Y), w0, lr, 2, expect=record)


@checks.add("train_autograd.documented")
def train_autograd_documented() -> Cases:
    """The autograd run follows the documented run, step by step"""
    w0, lr, epochs = _RUN["w0"], _RUN["learning_rate"], _RUN["epochs"]
    yield case("train_autograd", _X, _Y, w0, lr, epochs, expect=Record(FIELDS))
    yield case("train_autograd", list(_X), tuple(_Y), w0, lr, 1, expect=Record(FIELDS))


checks.rule(
    "train_autograd.autograd",
    "The gradients come from a backward pass, not from the functions by hand",
    reason="in this function `backward()` is to find the gradients",
    after="train_autograd.documented",
    watch=_FEW_STEPS,
    backward=True,
)

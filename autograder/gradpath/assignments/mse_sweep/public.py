"""Public checks of mse_sweep: the documented run, and examples that can be done on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gradpath.course.declare import (
    FORMULA,
    GRID,
    Cases,
    Numbers,
    PublicChecks,
    Record,
    case,
    documented,
)

checks = PublicChecks()

_RUN = documented("mse_sweep")
_X = np.array(_RUN["x"])
_Y = np.array(_RUN["y"])
_WEIGHTS = np.array(_RUN["weights"])
_LOSSES = np.array(_RUN["mse"])

# Four points of the documented curve, rounded.
_FEW_WEIGHTS = np.array([0.0, 0.5, 1.0, 2.0])
_FEW_LOSSES = np.array([18.7, 10.5, 4.7, 0.1])

CURVE = Record(
    {"curve.x": FORMULA, "curve.y": FORMULA}, ("the returned value", "the figure", "the curve")
)


@checks.add("forward.examples")
def forward_examples() -> Cases:
    """The prediction is x times w"""
    yield case("forward", 3.0, 0.5, expect=Numbers(FORMULA))
    yield case("forward", -1.5, 4.0, expect=Numbers(FORMULA))
    yield case("forward", _X, 0.5, expect=Numbers(FORMULA))
    yield case("forward", 2.0, _WEIGHTS, expect=Numbers(FORMULA))


@checks.add("loss.examples")
def loss_examples() -> Cases:
    """The loss is the squared error, one for each sample"""
    yield case("loss", 3.0, 6.0, 0.0, expect=Numbers(FORMULA))
    yield case("loss", 1.0, 4.0, 1.5, expect=Numbers(FORMULA))
    yield case("loss", -2.0, 1.0, 0.5, expect=Numbers(FORMULA))
    yield case("loss", _X, _Y, 0.5, expect=Numbers(FORMULA))


@checks.add("mean_squared_error.examples")
def mean_squared_error_examples() -> Cases:
    """The mean squared error is right for the documented samples and for other numbers of them"""
    for w in (0.0, 0.1, 0.5, 3.0):
        yield case("mean_squared_error", _X, _Y, w, expect=Numbers(FORMULA))
    yield case("mean_squared_error", np.array([2.0]), np.array([3.0]), 0.5, expect=Numbers(FORMULA))
    five, targets = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 2.0, 2.0, 1.0, 4.0])
    yield case("mean_squared_error", five, targets, 1.0, expect=Numbers(FORMULA))
    for kind in (list, tuple):
        samples = kind([1.0, 2.0, 3.0]), kind([2.0, 4.0, 6.0])
        yield case("mean_squared_error", *samples, 0.5, expect=Numbers(FORMULA))


@checks.add("weight_grid.values")
def weight_grid_values() -> Cases:
    """The grid has the 41 weights 0.0, 0.1, ... 4.0"""
    yield case("weight_grid", expect=Numbers(GRID))


_SHORT_SWEEP = case("sweep", _X[:2], _Y[:2], _WEIGHTS[1:3], expect=Numbers(FORMULA))


@checks.add("sweep.documented", watch=_SHORT_SWEEP)
def sweep_documented() -> Cases:
    """The sweep over 41 weights follows the documented run, and so does one on paper"""
    yield case("sweep", _X, _Y, _WEIGHTS, expect=Numbers(FORMULA))
    yield case("sweep", _X, _Y, np.arange(41) / 10, expect=Numbers(FORMULA))
    x, y, weights = np.array([1.0, 2.0]), np.array([3.0, 2.0]), np.array([2.0, 0.0, 1.0])
    yield case("sweep", x, y, weights, expect=Numbers(FORMULA))
    yield case("sweep", [1.0, 2.0], (3.0, 2.0), (2.0, 0.0, 1.0), expect=Numbers(FORMULA))
    yield case("sweep", (1.0, 2.0), [3.0, 2.0], [2.0, 0.0, 1.0], expect=Numbers(FORMULA))


@checks.add("best_weight.examples")
def best_weight_examples() -> Cases:
    """The weight with the smallest loss is found, in the documented run and elsewhere"""
    grid = np.arange(41) / 10
    # The documented parabola: the mean of x squared is 14/3, and the minimum is at 2.
    yield case("best_weight", grid, (grid - 2.0) ** 2 * 14.0 / 3.0, expect=Numbers(FORMULA))
    yield case("best_weight", _WEIGHTS, _LOSSES, expect=Numbers(FORMULA))
    weights, losses = np.array([1.5, 2.5, 3.5, 4.5]), np.array([4.0, 2.0, 0.5, 3.0])
    yield case("best_weight", weights, losses, expect=Numbers(FORMULA))
    for kind in (list, tuple):
        curve = kind([1.0, 2.0, 3.0]), kind([4.0, 0.5, 4.0])
        yield case("best_weight", *curve, expect=Numbers(FORMULA))


# Pictures take most of the time that this assignment needs: both checks look at the same one.
_PICTURE = case("plot_sweep", _FEW_WEIGHTS, _FEW_LOSSES, expect=CURVE, probe=True)


@checks.add("plot_sweep.curve")
def plot_sweep_curve() -> Cases:
    """The curve has the weights on the x axis and the losses on the y axis"""
    yield _PICTURE


@checks.add("plot_sweep.labels")
def plot_sweep_labels() -> Cases:
    """The x axis is labelled w, the y axis Loss"""
    yield replace(_PICTURE, expect=Record({}, ("the returned value", "the x label", "the y label")))

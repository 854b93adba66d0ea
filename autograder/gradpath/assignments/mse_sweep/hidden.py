"""Hidden checks of mse_sweep: random samples, weights and grids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradpath.assignments.mse_sweep.public import CURVE
from gradpath.course.declare import (
    FORMULA,
    GRID,
    Cases,
    HiddenChecks,
    Numbers,
    away_from_zero,
    case,
    exchanged,
)

checks = HiddenChecks()

Rng = np.random.Generator


@checks.add("forward.random_points")
def forward_random_points(rng: Rng) -> Cases:
    """The prediction is right for random numbers and arrays that broadcast"""
    x, w = away_from_zero(rng, 0.2, 30.0, 8), away_from_zero(rng, 0.2, 5.0, 8)
    yield case("forward", float(x[0]), float(w[0]), expect=Numbers(FORMULA))
    yield case("forward", x, float(w[0]), expect=Numbers(FORMULA))
    yield case("forward", float(x[0]), w, expect=Numbers(FORMULA))
    yield case("forward", x, w, expect=Numbers(FORMULA))
    for number, args in enumerate(exchanged((x, 1.5), (-x, 2.5))):
        yield case("forward", *args, expect=Numbers(FORMULA), twice=not number)
    yield case("forward", x[:3, np.newaxis], w[np.newaxis, :5], expect=Numbers(FORMULA))
    yield case("forward", x * 1e-6, float(w[1]) * 1e9, expect=Numbers(FORMULA))


def _samples(rng: Rng, n: int, w: float, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Draw samples with errors at `w` about as large as the predictions: no digits cancel."""
    x = away_from_zero(rng, 0.5, 4.0, n) * scale
    return x, x * w + away_from_zero(rng, 1.0, 8.0, n) * scale


@checks.add("loss.random_points", weight=2)
def loss_random_points(rng: Rng) -> Cases:
    """The loss is right for random numbers and arrays"""
    for n, scale in ((1, 1.0), (9, 1.0), (4, 1e-3), (4, 1e4)):
        w = float(away_from_zero(rng, 0.5, 4.0))
        x, y = _samples(rng, n, w, scale)
        yield case("loss", x, y, w, expect=Numbers(FORMULA))
        yield case("loss", float(x[0]), float(y[0]), w, expect=Numbers(FORMULA))
    for number, args in enumerate(_exchanged(rng, 6)):
        yield case("loss", *args, expect=Numbers(FORMULA), twice=not number)


def _exchanged(rng: Rng, n: int) -> Iterator[Any]:
    """Draw samples with a weight, and exchange each part for another."""
    given, others = _samples(rng, n, 2.0), _samples(rng, n, 2.0)
    w, other = float(rng.uniform(1.5, 2.0)), float(rng.uniform(2.1, 2.5))
    return exchanged((*given, w), (*others, other))


@checks.add("mean_squared_error.random_samples", weight=2)
def mean_squared_error_random_samples(rng: Rng) -> Cases:
    """The mean squared error is right for random samples, few and many, small and large"""
    for n, scale in ((1, 1.0), (2, 1.0), (7, 1.0), (60, 1.0), (4, 1e-3), (5, 1e4)):
        w = float(away_from_zero(rng, 0.5, 6.0))
        x, y = _samples(rng, n, w, scale)
        yield case("mean_squared_error", x, y, w, expect=Numbers(FORMULA))
    yield case("mean_squared_error", list(x), tuple(y), w, expect=Numbers(FORMULA))
    for args in _exchanged(rng, 7):
        yield case("mean_squared_error", *args, expect=Numbers(FORMULA))


@checks.add("mean_squared_error.repeatable")
def mean_squared_error_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    for n in (5, 8):
        w = float(away_from_zero(rng, 0.5, 4.0))
        x, y = _samples(rng, n, w)
        yield case("mean_squared_error", x, y, w, expect=Numbers(FORMULA), twice=True)


@checks.add("weight_grid.repeatable")
def weight_grid_repeatable(rng: Rng) -> Cases:
    """Every call gives the same 41 weights"""
    yield case("weight_grid", expect=Numbers(GRID), twice=True)


def _sweep(
    rng: Rng, n: int, count: int, scale: float = 1.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw samples near a random line, and weights on both sides of its slope, in no order."""
    slope = float(away_from_zero(rng, 1.5, 6.0))
    x, y = _samples(rng, n, slope, scale)
    return x, y, slope + rng.permutation(np.linspace(-4.0, 5.0, count)) + rng.uniform(0.1, 0.3)


@checks.add("sweep.random_sweeps", weight=2)
def sweep_random_sweeps(rng: Rng) -> Cases:
    """Sweeps over random weights and samples follow the reference, weight by weight"""
    for n, count, scale in ((4, 9, 1.0), (1, 5, 1.0), (8, 2, 1.0), (2, 17, 1e3), (5, 1, 1e-3)):
        yield case("sweep", *_sweep(rng, n, count, scale), expect=Numbers(FORMULA))
    x, y, weights = _sweep(rng, 3, 4)
    yield case("sweep", tuple(x), list(y), tuple(weights), expect=Numbers(FORMULA))
    for args in exchanged(_sweep(rng, 3, 2), _sweep(rng, 3, 2)):
        yield case("sweep", *args, expect=Numbers(FORMULA))


@checks.add("sweep.repeatable")
def sweep_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    yield case("sweep", *_sweep(rng, 4, 6), expect=Numbers(FORMULA), twice=True)


@checks.add("best_weight.random_losses", weight=2)
def best_weight_random_losses(rng: Rng) -> Cases:
    """The best of random weights is found, wherever it stands"""
    for count, place in ((6, 2), (9, 0), (9, 8), (1, 0), (30, 17)):
        # Far apart and in no order; losses small enough that none of them is a weight.
        weights = rng.permutation(np.linspace(-40.0, 50.0, count)) + rng.uniform(1.1, 1.4)
        losses = rng.uniform(0.3, 0.9, count)
        losses[place] = rng.uniform(0.1, 0.2)
        yield case("best_weight", weights, losses, expect=Numbers(FORMULA), twice=count == 6)
    # Large losses, and the same weights with them backwards.
    large = 1e13 * losses
    yield case("best_weight", list(weights), tuple(large), expect=Numbers(FORMULA))
    yield case("best_weight", tuple(weights), list(large[::-1]), expect=Numbers(FORMULA))
    for args in exchanged((weights, losses), (weights - 90.0, losses[::-1])):
        yield case("best_weight", *args, expect=Numbers(FORMULA))


@checks.add("best_weight.ties")
def best_weight_ties(rng: Rng) -> Cases:
    """When weights share the smallest loss, the first one counts"""
    for count, places in ((7, [2, 4]), (5, [0, 4]), (12, [3, 4, 11])):
        weights = rng.permutation(np.linspace(-40.0, 50.0, count)) + rng.uniform(1.1, 1.4)
        losses = rng.uniform(0.3, 0.9, count)
        losses[places] = 0.125  # exact in float32 too, so that it stays a tie
        yield case("best_weight", weights, losses, expect=Numbers(FORMULA))


@checks.add("plot_sweep.random_curves")
def plot_sweep_random_curves(rng: Rng) -> Cases:
    """Curves of other lengths and ranges are drawn as given"""
    # One curve only, since pictures take their time; a tuple can do less than a list.
    weights = np.sort(away_from_zero(rng, 1.0, 30.0, 23))
    losses = tuple(rng.uniform(100.0, 500.0, 23))
    yield case("plot_sweep", weights, losses, expect=CURVE, probe=True, twice=True)

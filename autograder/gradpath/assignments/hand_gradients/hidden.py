"""Hidden checks of hand_gradients: random samples, weights and learning rates."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.assignments.hand_gradients.public import FIELDS, GRAPH, MADE_BY
from gradpath.course.declare import (
    FORMULA,
    Array,
    Case,
    Cases,
    HiddenChecks,
    Numbers,
    Record,
    Tensor,
    away_from_zero,
    case,
    exchanged,
)

checks = HiddenChecks()

Rng = np.random.Generator


@checks.add("predict.random_points")
def predict_random_points(rng: Rng) -> Cases:
    """The prediction is right for random numbers and arrays"""
    for size in (None, 1, 9):
        x, w = away_from_zero(rng, 0.2, 30.0, size), float(away_from_zero(rng, 0.2, 5.0))
        yield case("predict", float(x) if size is None else x, w, expect=Numbers(FORMULA))
    x = away_from_zero(rng, 0.2, 30.0, (2, 3))
    for number, args in enumerate(exchanged((x, 1.5), (-x, 2.5))):
        yield case("predict", *args, expect=Numbers(FORMULA), twice=not number)
    yield case("predict", Tensor(x), _weight(rng), probe=True, expect=GRAPH)


def _weight(rng: Rng) -> Tensor:
    return Tensor(away_from_zero(rng, 1.5, 5.0), requires_grad=True)


@checks.add("loss.random_points")
def loss_random_points(rng: Rng) -> Cases:
    """The loss is right for random numbers and arrays"""
    for size in (None, None, 1, 9):
        x = away_from_zero(rng, 0.5, 20.0, size)
        w = float(away_from_zero(rng, 1.5, 5.0))
        # The target lies well off the prediction: no cancellation, no lost digits.
        y = x * w + away_from_zero(rng, 2.0, 10.0, size)
        numbers = (float(x), float(y)) if size is None else (x, y)
        yield case("loss", *numbers, w, expect=Numbers(FORMULA))
    given, others = _points(rng), _points(rng)
    for number, args in enumerate(exchanged(given, others)):
        yield case("loss", *args, expect=Numbers(FORMULA), twice=not number)
    x, y, _ = given
    for sample in ((float(x[0, 0]), float(y[0, 0])), (Tensor(x), Tensor(y))):
        yield case("loss", *sample, _weight(rng), probe=True, expect=GRAPH)


def _points(rng: Rng) -> tuple[Array, Array, float]:
    """Draw samples and a weight such that samples and weights of two draws go together."""
    x = rng.uniform(2.0, 5.0, (2, 3))
    return x, -rng.uniform(2.0, 5.0, (2, 3)), float(rng.uniform(1.0, 5.0))


@checks.add("gradient.random_points", weight=2)
def gradient_random_points(rng: Rng) -> Cases:
    """The derivative is right at random points, far from w = 1 and from the minimum"""
    for size in (None, None, None, None, 1, 7):
        x = away_from_zero(rng, 1.5, 12.0, size)
        w = float(away_from_zero(rng, 1.5, 6.0))
        y = x * w + away_from_zero(rng, 3.0, 30.0, size)
        numbers = (float(x), float(y)) if size is None else (x, y)
        yield case("gradient", *numbers, w, expect=Numbers(FORMULA))
    given, others = _points(rng), _points(rng)
    for number, args in enumerate(exchanged(given, others)):
        yield case("gradient", *args, expect=Numbers(FORMULA), twice=not number)
    x, y, w = given
    yield case("gradient", Tensor(x), Tensor(y), w, expect=Numbers(FORMULA))


@checks.add("gradient.magnitudes")
def gradient_magnitudes(rng: Rng) -> Cases:
    """The derivative keeps its digits where numbers are very large or very small"""
    for x_scale, y_scale in ((1e-4, 1e6), (1e-5, 1e7), (1e-3, 1e8)):
        # The loss is about y squared and hardly depends on w: a difference of two losses has
        # no digits left, while the formula has all of them.
        x = float(away_from_zero(rng, 1.0, 3.0)) * x_scale
        y = float(away_from_zero(rng, 1.0, 3.0)) * y_scale
        w = float(away_from_zero(rng, 0.3, 2.0))
        yield case("gradient", x, y, w, expect=Numbers(FORMULA))


def _descent(rng: Rng, n: int, x_high: float = 3.0) -> tuple[Array, Array, float, float]:
    """Draw a problem on which descent neither diverges nor is over after a few steps."""
    x = away_from_zero(rng, 0.4 * x_high, x_high, n)
    slope = float(away_from_zero(rng, 1.5, 4.0))
    y = slope * x + rng.normal(0.0, 0.3 * x_high, n)  # noise: the residuals do not vanish
    w = slope + float(away_from_zero(rng, 2.0, 5.0))
    lr = float(rng.uniform(0.01, 0.04)) / float(np.max(x * x))
    return x, y, w, lr


def _run(
    function: str, x: Any, y: Any, w: float, lr: float, epochs: int, *, twice: bool = False
) -> Case:
    """A history may begin with the start: the documented run tells that it should not."""
    start = {"weights": w, "losses": float(x[-1] * w - y[-1]) ** 2}
    record = Record(FIELDS, made_by=MADE_BY if function == "train" else {}, start=start)
    return case(function, x, y, w, lr, epochs, expect=record, twice=twice)


def _where_little_moves(rng: Rng, function: str, epochs: int) -> Cases:
    """Yield runs that the number of epochs ends, though nothing moves any more, or hardly."""
    # One update reaches the minimum exactly, in any precision.
    x = np.array([float(rng.choice([-2.0, -1.0, 1.0, 2.0]))])
    w, target = float(rng.integers(1, 9)), float(rng.integers(10, 20))
    yield _run(function, x, x * target, w, 0.5 / float(x[0] ** 2), epochs)
    x, y, w, _ = _descent(rng, 2)
    yield _run(function, x, y, w, 1e-12, 3)


@checks.add("train.random_runs", weight=3)
def train_random_runs(rng: Rng) -> Cases:
    """Runs on random data, lengths and learning rates follow the reference, step by step"""
    for n, epochs in ((4, 6), (1, 9), (11, 3)):
        x, y, w, lr = _descent(rng, n)
        yield _run("train", list(x), tuple(y), w, lr, epochs)
    x, y, w, lr = _descent(rng, 3)
    for args in exchanged((x, y, w, lr, 1), (x[::-1], y[::-1], w + 1.0, 0.7 * lr, 2)):
        yield _run("train", *args)
    yield from _where_little_moves(rng, "train", 25)


@checks.add("train.scales")
def train_scales(rng: Rng) -> Cases:
    """Runs on very small and very large features follow the reference"""
    for x_high in (0.02, 400.0):
        yield _run("train", *_descent(rng, 5, x_high), 4)


@checks.add("train.repeatable")
def train_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    yield _run("train", *_descent(rng, 4), 3, twice=True)


@checks.add("train_autograd.random_runs")
def train_autograd_random_runs(rng: Rng) -> Cases:
    """Runs on random data, lengths and learning rates follow the reference, step by step"""
    # A backward pass takes its time: other data with the same settings, and then the reverse.
    x, y, w, lr = _descent(rng, 3)
    yield _run("train_autograd", x, y, w, lr, 2)
    yield _run("train_autograd", x[::-1], y[::-1], w, lr, 2)
    yield _run("train_autograd", list(x), tuple(y), w + 1.0, 0.7 * lr, 2)
    yield from _where_little_moves(rng, "train_autograd", 15)


@checks.add("train_autograd.scales")
def train_autograd_scales(rng: Rng) -> Cases:
    """Runs on very small and very large features follow the reference"""
    for x_high in (0.02, 400.0):
        yield _run("train_autograd", *_descent(rng, 2, x_high), 2)


@checks.add("train_autograd.repeatable")
def train_autograd_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    yield _run("train_autograd", *_descent(rng, 2), 2, twice=True)

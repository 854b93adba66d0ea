"""Hidden checks of linear_regression: random data of other sizes, scales and learning rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gradpath.assignments.linear_regression.public import MODEL_GRAPH, MSE_GRAPH
from gradpath.course.declare import (
    FORMULA,
    TRAJECTORY,
    Array,
    Cases,
    HiddenChecks,
    Numbers,
    Parts,
    Record,
    Tensor,
    away_from_zero,
    case,
    exchanged,
)

checks = HiddenChecks()

_RECORD = Record({"losses": TRAJECTORY, "w": TRAJECTORY, "b": TRAJECTORY}, from_start=("losses",))
# Without the losses: one entry too many must not cost all checks of a run.
_PARAMETERS = Record({"w": TRAJECTORY, "b": TRAJECTORY})
_GRADIENTS = Parts(("dw", "db"), FORMULA)
_PREDICTIONS = Numbers(FORMULA, "predictions")
Rng = np.random.Generator

# (samples, features, outputs); never n * outputs = 10 as in the documented data. With one output
# or one feature a reshape is a transpose, with as many outputs as features a transposed matrix
# has the right shape: no single size shows every mistake.
_COMMON = ((5, 3, 3), (7, 2, 4), (4, 5, 3))
_ODD = ((6, 3, 1), (1, 4, 3), (7, 1, 2), (9, 1, 1))


class _Problem(NamedTuple):
    inputs: Array
    targets: Array
    w: Array
    b: Array


def _columns(rng: Rng, low: float, high: float, *shape: int) -> Array:
    """Draw magnitudes between `low` and `high` with one random sign for each column.

    A gradient, a sum over the rows, is then no rest of numbers that cancel: float32 would
    lose its digits there.
    """
    return np.asarray(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape[-1]))


def _residuals(rng: Rng, n: int, outputs: int, size: float) -> Array:
    """Draw errors of one sign for each output, so that their sum is far from zero."""
    return _columns(rng, 0.5 * size, 2.0 * size, n, outputs)


def _point(rng: Rng, n: int, features: int, outputs: int) -> _Problem:
    """Draw a point far from the minimum, for gradients."""
    x = _columns(rng, 0.5, 8.0, n, features)
    w = away_from_zero(rng, 1.5, 4.0, (outputs, features))
    b = away_from_zero(rng, 1.0, 5.0, outputs)
    return _Problem(x, x @ w.T + b - _residuals(rng, n, outputs, 12.0), w, b)


def _descent(
    rng: Rng, n: int, features: int, outputs: int, scale: float = 1.0
) -> tuple[_Problem, float]:
    """Draw a problem and a learning rate: steady descent, and residuals that do not vanish."""
    x = scale * away_from_zero(rng, 0.4, 1.6, (n, features))
    true_w = away_from_zero(rng, 1.0, 3.0, (outputs, features))
    true_b = away_from_zero(rng, 4.0, 7.0, outputs)
    spread = max(scale, 1.0)  # with small features most of a target is bias
    y = x @ true_w.T + true_b + rng.normal(0.0, 0.3 * spread, (n, outputs))
    # Too small or too large, but of the right sign: a value next to zero has few digits.
    high = rng.choice([False, True], true_w.shape)
    w = true_w * np.where(
        high, rng.uniform(1.5, 2.2, high.shape), rng.uniform(0.3, 0.6, high.shape)
    )
    b = true_b * rng.uniform(1.4, 1.8, outputs)
    # The curvature along the steepest direction: steps shrink the error there by a fixed part,
    # which neither overshoots nor reaches the minimum within a few epochs.
    columns = np.column_stack([x, np.ones(n)])
    steepest = 2.0 / y.size * float(np.linalg.norm(columns, 2)) ** 2
    return _Problem(x, y, w, b), float(rng.uniform(0.12, 0.22)) / steepest


@checks.add("model.random_sizes", weight=2)
def model_random_sizes(rng: Rng) -> Cases:
    """The predictions are right for random data of other sizes"""
    for number, size in enumerate((*_COMMON, *_ODD)):
        x, _, w, b = _point(rng, *size)
        yield case("model", x, w, b, expect=_PREDICTIONS, twice=not number)
    (x, _, w, b), (other_x, _, other_w, other_b) = _point(rng, 4, 3, 2), _point(rng, 4, 3, 2)
    for args in exchanged((x, w, b), (other_x, other_w, other_b)):
        yield case("model", *args, expect=_PREDICTIONS)
    tensors = _tensor(x), _tensor(w, True), _tensor(b, True)
    yield case("model", *tensors, probe=True, expect=MODEL_GRAPH)


def _tensor(values: Array, requires_grad: bool = False) -> Tensor:
    return Tensor(values.astype(np.float32), requires_grad)


@checks.add("mse.random_sizes", weight=2)
def mse_random_sizes(rng: Rng) -> Cases:
    """The loss is right for random data of other sizes and scales"""
    for n, outputs, scale in ((7, 3, 1.0), (6, 1, 20.0), (1, 4, 1e-3), (90, 5, 1e4), (1, 1, 1.0)):
        targets = scale * away_from_zero(rng, 1.0, 5.0, (n, outputs))
        errors = scale * away_from_zero(rng, 0.8, 4.0, (n, outputs))
        yield case("mse", targets + errors, targets, expect=Numbers(FORMULA))
    given, others = (_residuals(rng, 2, 4, 3.0).reshape(2, 2, 2) for _ in range(2))
    for args in exchanged((given[0], -given[1]), tuple(others)):
        yield case("mse", *args, expect=Numbers(FORMULA))
    predictions, wanted = _tensor(given[0], True), _tensor(-given[1])
    yield case("mse", predictions, wanted, probe=True, expect=MSE_GRAPH)


@checks.add("mse.repeatable")
def mse_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    targets = away_from_zero(rng, 1.0, 5.0, (5, 3))
    predictions = targets + away_from_zero(rng, 0.8, 4.0, (5, 3))
    yield case("mse", predictions, targets, expect=Numbers(FORMULA), twice=True)


@checks.add("gradients.random_points", weight=3)
def gradients_random_points(rng: Rng) -> Cases:
    """The derivatives are right at random points, far from the minimum"""
    for size in (*_COMMON, (60, 4, 2)):
        yield case("gradients", *_point(rng, *size), expect=_GRADIENTS)
    for args in exchanged(_point(rng, 4, 3, 2), _point(rng, 4, 3, 2)):
        yield case("gradients", *args, expect=_GRADIENTS)


@checks.add("gradients.sizes", weight=2)
def gradients_sizes(rng: Rng) -> Cases:
    """The derivatives are right for one output, one sample and one feature"""
    for size in _ODD:
        yield case("gradients", *_point(rng, *size), expect=_GRADIENTS)


@checks.add("gradients.magnitudes")
def gradients_magnitudes(rng: Rng) -> Cases:
    """The derivatives keep their digits where numbers are very large or very small"""
    for n, features, outputs, x_scale, y_scale in (
        (4, 3, 2, 1e-5, 1e8),
        (3, 2, 3, 1e-6, 1e9),
        (5, 4, 1, 1e-4, 1e7),
    ):
        # The loss is about y squared and hardly depends on w: a difference of two losses has
        # no digits left with any step, while the formula has all of them.
        x = x_scale * _columns(rng, 1.0, 3.0, n, features)
        y = _residuals(rng, n, outputs, y_scale)
        w = away_from_zero(rng, 0.3, 2.0, (outputs, features))
        b = away_from_zero(rng, 0.3, 2.0, outputs)
        yield case("gradients", x, y, w, b, expect=_GRADIENTS)


@checks.add("gradients.repeatable")
def gradients_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    yield case("gradients", *_point(rng, 5, 3, 2), expect=_GRADIENTS, twice=True)


def _runs_of_any_size(rng: Rng, function: str, counts: Sequence[int]) -> Cases:
    for size, epochs in zip((*_COMMON, (12, 3, 2)), counts, strict=True):
        problem, lr = _descent(rng, *size)
        yield case(function, *problem, lr, epochs, expect=_RECORD)


def _where_little_moves(rng: Rng, function: str) -> Cases:
    """Yield runs that the number of epochs ends, though nothing moves in them, or hardly."""
    # Whole numbers meet the minimum exactly.
    x, w, b = (rng.integers(1, 9, size).astype(float) for size in ((3, 2), (2, 2), 2))
    yield case(function, x, x @ w.T + b, w, b, 1e-3, 15, expect=_RECORD)
    yield case(function, *_descent(rng, 4, 3, 2)[0], 1e-12, 4, expect=_RECORD)


def _sizes(rng: Rng, function: str) -> Cases:
    for size in _ODD:
        problem, lr = _descent(rng, *size)
        yield case(function, *problem, lr, 5, expect=_RECORD)


def _scales(rng: Rng, function: str) -> Cases:
    # Small features leave the work to the bias: a run that forgets it, or adds its gradients up,
    # goes elsewhere. Large ones are like the documented data: the bias hardly moves.
    for scale in (0.02, 0.1, 250.0):
        problem, lr = _descent(rng, 6, 3, 2, scale)
        yield case(function, *problem, lr, 6, expect=_PARAMETERS)


def _repeatable(rng: Rng, function: str) -> Cases:
    problem, lr = _descent(rng, 4, 3, 2)
    yield case(function, *problem, lr, 2, expect=_RECORD, twice=True)
    # float32 arrays need no conversion on their way to a float32 tensor, and may then be shared.
    single = (array.astype(np.float32) for array in problem)
    yield case(function, *single, lr, 2, expect=_RECORD, twice=True)


@checks.add("train_numpy.random_runs", weight=3)
def train_numpy_random_runs(rng: Rng) -> Cases:
    """Runs on random data, sizes and learning rates follow the reference, step by step"""
    yield from _runs_of_any_size(rng, "train_numpy", (6, 9, 1, 7))
    given, lr = _descent(rng, 4, 3, 2)
    others, _ = _descent(rng, 4, 3, 2)
    for args in exchanged((*given, lr, 2), (*others, 0.7 * lr, 3)):
        yield case("train_numpy", *args, expect=_RECORD)
    yield from _where_little_moves(rng, "train_numpy")


@checks.add("train_numpy.sizes")
def train_numpy_sizes(rng: Rng) -> Cases:
    """Runs with one output, one sample and one feature follow the reference"""
    return _sizes(rng, "train_numpy")


@checks.add("train_numpy.scales", weight=2)
def train_numpy_scales(rng: Rng) -> Cases:
    """Runs on small features, where the bias works, and on large ones end at the right w and b"""
    return _scales(rng, "train_numpy")


@checks.add("train_numpy.repeatable")
def train_numpy_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "train_numpy")


@checks.add("train.random_runs", weight=2)
def train_random_runs(rng: Rng) -> Cases:
    """Runs on random data, sizes and learning rates follow the reference, step by step"""
    yield from _runs_of_any_size(rng, "train", (4, 4, 1, 2))
    # A backward pass takes its time: other data with the same settings, then the reverse.
    given, lr = _descent(rng, 4, 3, 2)
    others, _ = _descent(rng, 4, 3, 2)
    for args in exchanged(
        (given[:2], (*given[2:], lr, 2)), (others[:2], (*others[2:], 0.7 * lr, 2))
    ):
        yield case("train", *args[0], *args[1], expect=_RECORD)
    yield from _where_little_moves(rng, "train")


@checks.add("train.sizes")
def train_sizes(rng: Rng) -> Cases:
    """Runs with one output, one sample and one feature follow the reference"""
    return _sizes(rng, "train")


@checks.add("train.scales", weight=2)
def train_scales(rng: Rng) -> Cases:
    """Runs on small features, where the bias works, and on large ones end at the right w and b"""
    return _scales(rng, "train")


@checks.add("train.repeatable")
def train_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "train")

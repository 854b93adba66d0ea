"""Hidden checks of rosenbrock: random points, starts, step sizes and tolerances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradpath.assignments.rosenbrock.public import FIELDS, GRAPH
from gradpath.course.declare import (
    FORMULA,
    Array,
    Case,
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

_VALUE = Numbers(FORMULA)
_PAIR = Parts(("df/dx", "df/dy"), FORMULA)
_NEVER = 1e-9
"""A tolerance that no run here reaches: the number of updates ends it."""
Rng = np.random.Generator


def _points(rng: Rng, size: int | tuple[int, ...] | None, far: float = 1.0) -> tuple[Array, Array]:
    """Draw points away from x = 1 and from the valley, where no term of f is lost in another."""
    x = away_from_zero(rng, 1.4, 3.0, size) * far
    y = x * x + away_from_zero(rng, 1.0, 8.0, size) * far * far
    return x, y


@checks.add("rosenbrock.random_points")
def rosenbrock_random_points(rng: Rng) -> Cases:
    """The value is right at random points, near and far"""
    for size, far in ((None, 1.0), (None, 20.0), (1, 1.0), (7, 1.0), ((2, 3), 1.0)):
        x, y = _points(rng, size, far)
        if size is None:
            yield case("rosenbrock", float(x), float(y), expect=_VALUE)
        else:
            yield case("rosenbrock", x, y, expect=_VALUE)
    given, others = _points(rng, 6), _points(rng, 6)
    for args in exchanged(given, others):
        yield case("rosenbrock", *args, expect=_VALUE)
    for size in (None, 5):
        point = [Tensor(values, requires_grad=True) for values in _points(rng, size)]
        yield case("rosenbrock", *point, probe=True, expect=GRAPH)


@checks.add("rosenbrock.repeatable")
def rosenbrock_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    yield case("rosenbrock", *_points(rng, 4), expect=_VALUE, twice=True)


@checks.add("gradient.random_points", weight=2)
def gradient_random_points(rng: Rng) -> Cases:
    """The derivatives are right at random points, far from the valley and close to its floor"""
    for size, far in ((None, 1.0), (None, 1.0), (None, 20.0), (1, 1.0), (7, 1.0), ((2, 3), 1.0)):
        x, y = _points(rng, size, far)
        if size is None:
            yield case("gradient", float(x), float(y), expect=_PAIR)
        else:
            yield case("gradient", x, y, expect=_PAIR)
    # Close to the floor the slope is small, and the terms of higher order in a difference are not.
    x = rng.uniform(0.3, 0.6, 3)
    yield case("gradient", x, x * x + rng.uniform(0.02, 0.05, 3), expect=_PAIR)
    for args in exchanged(_points(rng, 6), _points(rng, 6)):
        yield case("gradient", *args, expect=_PAIR)


@checks.add("gradient.magnitudes")
def gradient_magnitudes(rng: Rng) -> Cases:
    """The derivatives keep their digits where f is very large and hardly depends on x"""
    for x_scale, y_scale in ((1e-4, 1e6), (1e-5, 1e7), (1e-3, 1e8), (1e-6, 1e10)):
        # f is about 100 y^2: a difference of two values has no digits left, the formula has all.
        # At the last point that holds for steps of up to a thousand as well, which are exact
        # elsewhere if they go over five points: f is a polynomial of the fourth degree.
        x = float(away_from_zero(rng, 1.0, 3.0)) * x_scale
        y = float(away_from_zero(rng, 1.0, 3.0)) * y_scale
        yield case("gradient", x, y, expect=_PAIR)


@checks.add("gradient.repeatable")
def gradient_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    yield case("gradient", *_points(rng, 4), expect=_PAIR, twice=True)


Start = tuple[float, float]


def _descent(rng: Rng, far: float = 1.0) -> tuple[Start, float]:
    """Draw a start off the valley, and a step size with which the descent is stable."""
    x = float(away_from_zero(rng, 0.4, 1.6)) * far
    y = x * x + float(away_from_zero(rng, 0.4, 1.5)) * far * far
    # A step times the curvature must stay below 2; these are the entries of the Hessian.
    curvature = 1200 * x * x + 400 * abs(y) + 800 * abs(x) + 202
    return (x, y), float(rng.uniform(0.1, 0.5)) / curvature


def _along_the_floor(rng: Rng) -> tuple[Start, float]:
    """Draw a start from which the floor of the valley is soon reached, and then followed."""
    start = (float(rng.uniform(-0.4, 0.4)), float(rng.uniform(-0.3, 0.3)))
    return start, float(rng.uniform(7e-4, 1.3e-3))


def _losses(start: Start, step_size: float, count: int) -> list[float]:
    x, y = start
    losses = []
    for _ in range(count):
        offset = y - x * x
        x, y = x + step_size * (2 * (1 - x) + 400 * x * offset), y - step_size * 200 * offset
        losses.append((1 - x) ** 2 + 100 * (y - x * x) ** 2)
    return losses


def _stopping(rng: Rng) -> tuple[Start, float, float]:
    """Draw a descent and a tolerance that lies well between two of its losses."""
    x = float(away_from_zero(rng, 0.3, 0.6))
    # Well below the valley, and not too far from its bottom's loss: many steps with clear drops.
    start = (x, x * x - float(rng.uniform(0.8, 1.4)))
    step_size = float(rng.uniform(4e-4, 7e-4))
    losses = _losses(start, step_size, 12)
    clear = [i for i in range(2, 12) if losses[i - 1] > 1.2 * losses[i]]
    end = int(rng.choice(clear))
    return start, step_size, math.sqrt(losses[end - 1] * losses[end])


def _record(start: Start) -> Record:
    """A history may begin with the start: the first steps tell that it should not."""
    x, y = start
    height = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    return Record(FIELDS, start={"points": (x, y), "losses": height, "iterations": None})


def _run(function: str, start: Any, *settings: Any, twice: bool = False) -> Case:
    x, y = map(float, start)
    return case(function, start, *settings, expect=_record((x, y)), twice=twice)


def _where_little_moves(rng: Rng, function: str) -> Cases:
    """Yield runs that the number of updates ends, though nothing moves in them, or hardly."""
    yield _run(function, (1.0, 1.0), 0.001, -1.0, 15)
    yield _run(function, _descent(rng)[0], 1e-13, _NEVER, 4)


# Starts, step sizes and losses. The first update lands on numbers with few digits and has that
# loss, or the start has it: exact in any precision.
_EXACT = (
    ((-1.0, -0.75), 1 / 512, 76625 / 16384),
    ((-1.0, 0.25), 1 / 128, 5661 / 256),
    ((1.0, -1.0), 1 / 512, 509225 / 16384),
    ((1.0, 0.0), 1 / 256, 394025 / 16384),
    ((2.0, 3.0), 1 / 4096, 101.0),
    ((0.5, 0.25), 1 / 1024, 0.25),
    ((-1.0, 1.0), 1 / 1024, 4.0),
    ((1.0, 1.0), 1 / 1024, 0.0),
)


def _tolerances(rng: Rng, function: str) -> Cases:
    runs: list[tuple[Any, ...]] = [(*_stopping(rng), 30) for _ in range(3)]
    runs += [(*exact, int(rng.integers(3, 6))) for exact in _EXACT]
    start, step_size, _ = _stopping(rng)
    runs += [(np.array(start), step_size, 1e4, 5), (start, step_size, _NEVER, 0)]
    for run in runs:
        yield _run(function, *run)


def _repeatable(rng: Rng, function: str) -> Cases:
    start, step_size = _descent(rng)
    # Arrays of floats need no conversion, and may then be shared.
    for given in (list(start), np.array(start), np.array(start, dtype=np.float32)):
        yield _run(function, given, step_size, _NEVER, 2, twice=True)


@checks.add("descend.random_runs")
def descend_random_runs(rng: Rng) -> Cases:
    """Runs from random starts with random step sizes follow the reference, step by step"""
    for far, count in ((1.0, 12), (1.0, 1), (0.02, 9), (25.0, 15), (1.0, 25)):
        yield _run("descend", *_descent(rng, far), _NEVER, count)
    (x, y), step_size = _descent(rng)
    others = (x, y + 0.5), 0.7 * step_size, 1e9, 3
    for args in exchanged(((x, y), step_size, _NEVER, 4), others):
        yield _run("descend", *args)
    yield _run("descend", [0.9 * x, y], step_size, _NEVER, 4)
    yield from _where_little_moves(rng, "descend")


@checks.add("descend.valley")
def descend_valley(rng: Rng) -> Cases:
    """A longer run along the floor of the valley follows the reference, step by step"""
    start, step_size = _along_the_floor(rng)
    yield _run("descend", start, step_size, _NEVER, 150)


@checks.add("descend.tolerances")
def descend_tolerances(rng: Rng) -> Cases:
    """Runs with random tolerances stop where they should"""
    return _tolerances(rng, "descend")


@checks.add("descend.repeatable")
def descend_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "descend")


@checks.add("descend_autograd.random_runs")
def descend_autograd_random_runs(rng: Rng) -> Cases:
    """Runs from random starts with random step sizes follow the reference, step by step"""
    # A backward pass takes its time: another start with the same settings, and then the reverse.
    (x, y), step_size = _descent(rng)
    yield _run("descend_autograd", (x, y), step_size, _NEVER, 12)
    yield _run("descend_autograd", (x, y + 0.5), step_size, _NEVER, 12)
    yield _run("descend_autograd", (x, y), 0.7 * step_size, 1e9, 12)
    start, step_size = _descent(rng, 0.02)
    yield _run("descend_autograd", list(start), step_size, _NEVER, 5)
    yield _run("descend_autograd", *_descent(rng, 25.0), _NEVER, 12)
    yield from _where_little_moves(rng, "descend_autograd")


@checks.add("descend_autograd.valley")
def descend_autograd_valley(rng: Rng) -> Cases:
    """A longer run along the floor of the valley follows the reference, step by step"""
    start, step_size = _along_the_floor(rng)
    yield _run("descend_autograd", start, step_size, _NEVER, 110)


@checks.add("descend_autograd.tolerances")
def descend_autograd_tolerances(rng: Rng) -> Cases:
    """Runs with random tolerances stop where they should"""
    return _tolerances(rng, "descend_autograd")


@checks.add("descend_autograd.repeatable")
def descend_autograd_repeatable(rng: Rng) -> Cases:
    """A second call with the same arguments gives the same, and the arguments are unchanged"""
    return _repeatable(rng, "descend_autograd")

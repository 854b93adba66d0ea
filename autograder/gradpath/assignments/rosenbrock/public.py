"""Public checks of rosenbrock: examples on paper, first steps, the documented run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gradpath.course.declare import (
    AUTOGRAD,
    EXACT,
    FORMULA,
    LONG_COUNT,
    LONG_RUN,
    TRAJECTORY,
    Cases,
    Numbers,
    Parts,
    PublicChecks,
    Record,
    Tensor,
    case,
    documented,
)

checks = PublicChecks()

_RUN = documented("rosenbrock")
_START = tuple(_RUN["start"])
_CLASSIC = (-1.2, 1.0)
_VALUE = Numbers(FORMULA)
_PAIR = Parts(("df/dx", "df/dy"), FORMULA)
FIELDS = {"points": TRAJECTORY, "losses": TRAJECTORY, "iterations": EXACT}
GRAPH = Record({"result": FORMULA, "slope.x": FORMULA, "slope.y": FORMULA})
_LONG_FIELDS = {"points": LONG_RUN, "losses": LONG_RUN, "iterations": LONG_COUNT}
_HEIGHTS = {
    _START: 1.0,
    (0.5, -0.5): 56.5,
    (-1.0, 2.0): 104.0,
    (1.0, 0.0): 100.0,
    (0.5, 0.25): 0.25,
}

# Losses 2.71, 1.88 after the fifth and sixth update; 7.42, 5.62 after the second and third: the
# tolerance lies well between two losses, so that no rounding can move the end.
_ENDINGS = (((0.5, -0.5), 0.001, 2.2), ((-1.0, 2.0), 0.0005, 6.5))
# Losses that are the tolerance exactly, in any precision: after the first update, and before it.
_EQUAL = (((1.0, 0.0), 1 / 256, 394025 / 16384), ((0.5, 0.25), 0.001, 0.25))


def _record(start: tuple[float, float], fields: Mapping[str, Any] = FIELDS) -> Record:
    """A history may begin with the start: the first steps tell that it should not."""
    return Record(fields, start={"points": start, "losses": _HEIGHTS[start], "iterations": None})


@checks.add("rosenbrock.examples")
def rosenbrock_examples() -> Cases:
    """The value is right at a few points"""
    yield case("rosenbrock", 0.0, 0.0, expect=_VALUE)
    yield case("rosenbrock", 2.0, 3.0, expect=_VALUE)
    yield case("rosenbrock", *_CLASSIC, expect=_VALUE)
    yield case("rosenbrock", np.array([0.5, 2.0, -1.0]), np.array([2.0, 1.0, -1.0]), expect=_VALUE)
    x, y = Tensor(np.array(2.0), True), Tensor(np.array(3.0), True)
    yield case("rosenbrock", x, y, probe=True, expect=GRAPH)


# No component is 0 at these points: a zero has no digits that could be compared.
@checks.add("gradient.examples")
def gradient_examples() -> Cases:
    """Both partial derivatives are right at a few points"""
    yield case("gradient", 2.0, 3.0, expect=_PAIR)
    yield case("gradient", *_CLASSIC, expect=_PAIR)
    yield case("gradient", 0.5, -1.0, expect=_PAIR)
    yield case("gradient", 0.4, 0.18, expect=_PAIR)
    yield case("gradient", np.array([0.5, 2.0, -1.0]), np.array([2.0, 1.0, -1.0]), expect=_PAIR)


checks.rule(
    "gradient.by_hand",
    "The derivatives are written down, not left to autograd",
    forbidden=AUTOGRAD,
    reason="this function is to be derived by hand",
    after="gradient.examples",
    watch=(1.7, 4.3),
)


_FEW_STEPS = ((1.7, 4.3), 0.0003, 0.001, 2)
"""For the calls that are watched: numbers of which none comes from another."""


@checks.add("descend.first_steps", watch=case("descend", *_FEW_STEPS, expect=Record(FIELDS)))
def descend_first_steps() -> Cases:
    """The first steps from two starting points are right"""
    yield case("descend", _CLASSIC, 0.001, 0.001, 5, expect=Record(FIELDS))
    yield case("descend", _START, 0.001, 0.001, 12, expect=Record(FIELDS))


@checks.add("descend.documented")
def descend_documented() -> Cases:
    """The run follows the documented run, step by step, and ends with it"""
    # A limit below the documented 100000: a run that misses its end need not go on for long.
    record = _record(_START, _LONG_FIELDS)
    yield case("descend", _START, _RUN["step_size"], _RUN["tolerance"], 6000, expect=record)


@checks.add("descend.stops")
def descend_stops() -> Cases:
    """The run stops as soon as the loss is small enough"""
    return _stops("descend")


def _stops(function: str) -> Cases:
    for start, step_size, tolerance in (*_ENDINGS, *_EQUAL):
        yield case(function, start, step_size, tolerance, 40, expect=_record(start))
    record = _record(_START)
    yield case(function, list(_START), 0.001, 2.0, 40, expect=record)
    yield case(function, np.array(_START), 0.001, 0.5, 0, expect=record)


@checks.add("descend.whole_numbers")
def descend_whole_numbers() -> Cases:
    """A start of whole numbers moves like any other"""
    yield case("descend", (-1, 2), 0.0005, 0.001, 5, expect=_record((-1, 2)))


@checks.add("descend_autograd.first_steps")
def descend_autograd_first_steps() -> Cases:
    """The first steps from two starting points are right"""
    yield case("descend_autograd", _CLASSIC, 0.001, 0.001, 5, expect=Record(FIELDS))
    yield case("descend_autograd", _START, 0.001, 0.001, 12, expect=Record(FIELDS))


@checks.add("descend_autograd.stops")
def descend_autograd_stops() -> Cases:
    """The run stops as soon as the loss is small enough"""
    return _stops("descend_autograd")


@checks.add("descend_autograd.whole_numbers")
def descend_autograd_whole_numbers() -> Cases:
    """A start of whole numbers moves like any other"""
    yield case("descend_autograd", (-1, 2), 0.0005, 0.001, 5, expect=_record((-1, 2)))


checks.rule(
    "descend_autograd.autograd",
    "The gradient comes from a backward pass, not from the functions by hand",
    reason="in this function `backward()` is to find the gradient",
    after="descend_autograd.first_steps",
    watch=_FEW_STEPS,
    backward=True,
)

"""Tolerances: the distance that a right answer may have from the reference, each with a reason.

A value `got` agrees with `expected` when

    |got - expected| <= relative * |expected| + to_scale * max|expected|

where the maximum is taken over the whole array or history. The second term is there for values
that come close to zero: the residual of a nearly solved problem is a difference of two nearly
equal numbers, and its rounding error is that of the numbers, not of the difference.

Bounds below come from two measurements: float32 drift between equivalent implementations stays
under 2e-6 relative in the short runs, and every known wrong trajectory leaves the right one by
more than 1e-4 relative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Tolerance:
    """A bound on the distance between a right answer and the reference."""

    name: str
    relative: float
    to_scale: float
    reason: str
    entries: int = 0
    """By how many entries the length of a history may differ from the reference's."""


EXACT: Final = Tolerance(
    "exact",
    relative=0.0,
    to_scale=0.0,
    reason="counts, positions and class indices are integers; there is nothing to round",
)

FORMULA: Final = Tolerance(
    "formula",
    relative=1e-5,
    to_scale=1e-6,
    reason="one formula, evaluated once: float32 is right to about 1e-7 a step, and sums of a few "
    "hundred terms in another order differ by less than 1e-6; a dropped factor or a finite "
    "difference that lost its digits is far outside",
)

GRID: Final = Tolerance(
    "grid",
    relative=1e-6,
    to_scale=1e-6,
    reason="arange, linspace and i / 10 differ by rounding only; linspace(0, 4, 40) by 2.6 %",
)

TRAJECTORY: Final = Tolerance(
    "trajectory",
    relative=2e-5,
    to_scale=5e-6,
    reason="float32 and float64 runs of the same descent stay within 2e-6 of each other for a few "
    "hundred steps; the slightest known mistake (zeroing the weight's gradient but not the "
    "bias's) leaves by 4e-3",
)

LONG_RUN: Final = Tolerance(
    "long run",
    relative=5e-4,
    to_scale=5e-5,
    reason="thousands of steps along a curved valley add up rounding: the documented run keeps its "
    "point in float32 and ends 1e-6 from the float64 run in position, 5e-5 in loss; its last loss "
    "lies only 9e-5 below the tolerance that ends it, and right float32 code drifts by up to "
    "8.5e-5, so that the end may come a step or two early or late",
    entries=2,
)

LONG_COUNT: Final = Tolerance(
    "long count",
    relative=3.5e-4,
    to_scale=0.0,
    reason="the number of steps of a long run, with the two entries that LONG_RUN allows: 5771 may "
    "be 5769 to 5773; everywhere else counts are exact",
)

SPREAD: Final = Tolerance(
    "spread",
    relative=6e-3,
    to_scale=0.0,
    reason="a standard deviation with the divisor n or n - 1, of 100 numbers or more: the two "
    "differ by 1 / (2 n), 0.5 % for 100; leaving out a ReLU changes it by 20 % or more",
)

ALL: Final = (EXACT, FORMULA, GRID, TRAJECTORY, LONG_RUN, LONG_COUNT, SPREAD)

FINGERPRINT: Final = Tolerance(
    "fingerprint",
    relative=1e-4,
    to_scale=2e-5,
    reason="not for points: how close a wrong run must be to a known wrong run to be named after "
    "it; wider than the others, because runs that diverge amplify rounding",
)

RUNAWAY: Final = Tolerance(
    "runaway",
    relative=1e-2,
    to_scale=2e-5,
    reason="not for points: the same for runs that end in infinities; a cubic gradient multiplies "
    "the rounding of float32 by 3 or more at each of the last steps",
)

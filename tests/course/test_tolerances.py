"""The tolerances: each figure is a promise to students, and its reason is text beside it."""

from __future__ import annotations

import pytest

from gradpath.course.tolerances import (
    ALL,
    EXACT,
    FINGERPRINT,
    FORMULA,
    GRID,
    LONG_COUNT,
    LONG_RUN,
    RUNAWAY,
    SPREAD,
    TRAJECTORY,
    Tolerance,
)


@pytest.mark.parametrize(
    ("tolerance", "relative", "to_scale", "entries"),
    [
        (EXACT, 0.0, 0.0, 0),
        (FORMULA, 1e-5, 1e-6, 0),
        (GRID, 1e-6, 1e-6, 0),
        (TRAJECTORY, 2e-5, 5e-6, 0),
        (LONG_RUN, 5e-4, 5e-5, 2),
        (LONG_COUNT, 3.5e-4, 0.0, 0),
        (SPREAD, 6e-3, 0.0, 0),
        (FINGERPRINT, 1e-4, 2e-5, 0),
        (RUNAWAY, 1e-2, 2e-5, 0),
    ],
)
def test_a_changed_tolerance_is_changed_here_too(
    tolerance: Tolerance, relative: float, to_scale: float, entries: int
) -> None:
    """A bound decides about points: nobody widens one by a slip of the hand."""
    assert (tolerance.relative, tolerance.to_scale) == (relative, to_scale)
    assert tolerance.entries == entries
    assert tolerance.reason


def test_the_two_for_likeness_are_not_for_points() -> None:
    assert FINGERPRINT not in ALL
    assert RUNAWAY not in ALL
    assert len({tolerance.name for tolerance in (*ALL, FINGERPRINT, RUNAWAY)}) == len(ALL) + 2


def test_the_long_count_allows_the_entries_of_the_long_run() -> None:
    """5771 steps of the documented run may be 5769 to 5773."""
    assert LONG_RUN.entries <= LONG_COUNT.relative * 5771 < LONG_RUN.entries + 1


def test_both_divisors_of_a_standard_deviation_are_right() -> None:
    """Of 100 numbers, and of no fewer than 85."""
    for count, inside in ((100, True), (85, True), (84, False)):
        assert ((count / (count - 1)) ** 0.5 - 1 <= SPREAD.relative) == inside

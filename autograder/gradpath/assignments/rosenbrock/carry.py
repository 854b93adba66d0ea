"""Carried runs of rosenbrock: consequences of a student's own rosenbrock and gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from gradpath.course.declare import CarryList, CarryStopped, Functions

carries = CarryList()

Slopes = Callable[[float, float], tuple[float, float]]
"""From a point to the two components of the gradient there."""
Step = Callable[[float, float], tuple[float, float, float]]
"""The same, with the loss in front."""

_FAR: Final = 10.0
_PARTED: Final = 4e-6
"""Less than the tolerance of any walk, and more than float32 does to one that is stable."""


def _walk(
    f: Functions,
    start: Any,
    step_size: float,
    tolerance: float,
    max_iterations: int,
    at: Step,
    slopes: Slopes,
) -> dict[str, Any]:
    x, y = float(start[0]), float(start[1])
    # After a wrong gradient the walk may run off or jump about, and then rounding decides where it
    # goes. A second walk, rounded to float32, shows when: the rest is no student's fault.
    shadow_x, shadow_y = x, y
    scale = max(abs(x), abs(y))
    far = _FAR * max(1.0, scale)
    loss, df_dx, df_dy = at(x, y)
    points: list[tuple[float, float]] = []
    losses: list[float] = []
    while len(losses) < max_iterations and not loss <= tolerance:
        slope_x, slope_y = slopes(shadow_x, shadow_y)
        shadow_x = float(np.float32(shadow_x - step_size * slope_x))
        shadow_y = float(np.float32(shadow_y - step_size * slope_y))
        x, y = x - step_size * df_dx, y - step_size * df_dy
        scale = max(scale, abs(x), abs(y))
        apart = max(abs(x - shadow_x), abs(y - shadow_y))
        f.diverged = not (scale <= far and apart <= _PARTED * scale)
        if f.diverged and points:
            break
        loss, df_dx, df_dy = at(x, y)
        points.append((x, y))
        losses.append(loss)
        if f.exhausted or f.diverged:
            break
    if not points or set(points) == {(float(start[0]), float(start[1]))}:
        # A constant, such as a loss of 0, leads nowhere: there is no walk that could be right.
        raise CarryStopped("rosenbrock or gradient")
    record = {"points": np.array(points), "losses": np.array(losses)}
    if f.exhausted or f.diverged:
        return record  # how many updates the whole run takes is not known
    return {**record, "iterations": len(losses)}


@carries.add("descend", needs=("gradient", "rosenbrock"))
def descend(
    f: Functions, start: Any, step_size: float, tolerance: float, max_iterations: int
) -> dict[str, Any]:
    def slopes(x: float, y: float) -> tuple[float, float]:
        df_dx, df_dy = f("gradient", x, y)
        return float(df_dx), float(df_dy)

    def at(x: float, y: float) -> tuple[float, float, float]:
        return float(f("rosenbrock", x, y)), *slopes(x, y)

    return _walk(f, start, step_size, tolerance, max_iterations, at, slopes)


@carries.add("descend_autograd", needs=("rosenbrock",))
def descend_autograd(
    f: Functions, start: Any, step_size: float, tolerance: float, max_iterations: int
) -> dict[str, Any]:
    def at(x: float, y: float) -> tuple[float, float, float]:
        value, df_dx, df_dy = f.probe("value_and_slopes", ("rosenbrock",), x, y)
        return float(value), float(df_dx), float(df_dy)

    def slopes(x: float, y: float) -> tuple[float, float]:
        return at(x, y)[1:]

    return _walk(f, start, step_size, tolerance, max_iterations, at, slopes)

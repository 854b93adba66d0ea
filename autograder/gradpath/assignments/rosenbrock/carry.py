"""Carried runs of rosenbrock: what follows from a student's own rosenbrock and gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradpath.carry import CarryList, CarryStopped, Functions

carries = CarryList()

Step = Callable[[float, float], tuple[float, float, float]]
"""From a point to the loss there and the two components of the gradient."""

_FAR = 10.0


def _walk(
    f: Functions, start: Any, step_size: float, tolerance: float, max_iterations: int, at: Step
) -> dict[str, Any]:
    x, y = float(start[0]), float(start[1])
    # With a wrong gradient the walk may run off, and rounding then grows faster than any
    # tolerance: what lies far outside is left out.
    far = _FAR * max(1.0, abs(x), abs(y))
    loss, df_dx, df_dy = at(x, y)
    points: list[tuple[float, float]] = []
    losses: list[float] = []
    while len(losses) < max_iterations and not loss <= tolerance:
        x, y = x - step_size * df_dx, y - step_size * df_dy
        f.diverged = not (abs(x) <= far and abs(y) <= far)
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
    def at(x: float, y: float) -> tuple[float, float, float]:
        df_dx, df_dy = f("gradient", x, y)
        return float(f("rosenbrock", x, y)), float(df_dx), float(df_dy)

    return _walk(f, start, step_size, tolerance, max_iterations, at)


@carries.add("descend_autograd", needs=("rosenbrock",))
def descend_autograd(
    f: Functions, start: Any, step_size: float, tolerance: float, max_iterations: int
) -> dict[str, Any]:
    def at(x: float, y: float) -> tuple[float, float, float]:
        value, df_dx, df_dy = f.probe("value_and_slopes", ("rosenbrock",), x, y)
        return float(value), float(df_dx), float(df_dy)

    return _walk(f, start, step_size, tolerance, max_iterations, at)

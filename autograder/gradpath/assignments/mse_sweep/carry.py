"""Carried runs of mse_sweep: consequences of a student's own forward, loss and mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.course.declare import CarryList, CarryStopped, Functions

carries = CarryList()


@carries.add("loss", needs=("forward",))
def loss(f: Functions, x: Any, y: Any, w: float) -> Any:
    error = f("forward", x, w) - y
    return error * error


@carries.add("mean_squared_error", needs=("loss", "forward"))
def mean_squared_error(f: Functions, xs: Any, ys: Any, w: float) -> float:
    if "loss" in f.from_student:
        return float(np.mean(_each(f, "loss", xs, ys, w)))
    return float(np.mean((_each(f, "forward", xs, w) - ys) ** 2))


@carries.add("sweep", needs=("mean_squared_error", "loss", "forward"))
def sweep(f: Functions, xs: Any, ys: Any, weights: Any) -> Any:
    losses = []
    for w in weights.tolist():
        if "mean_squared_error" in f.from_student:
            losses.append(float(_same_objects(f, "mean_squared_error", xs, ys, w)))
        else:
            losses.append(mean_squared_error(f, xs, ys, w))
        if f.exhausted:
            break
    return np.array(losses)


def _each(f: Functions, name: str, *args: Any) -> Any:
    """Call a student's function for all samples at once, or one by one if it cannot do that."""
    try:
        return _same_objects(f, name, *args)
    except CarryStopped:
        *columns, w = args
        return np.array([float(f(name, *row, w)) for row in zip(*columns, strict=True)])


def _same_objects(f: Functions, name: str, *args: Any) -> Any:
    """Call a student's function and let it change the arrays, as it does in the student's run."""
    value, after = f.with_arguments(name, *args)
    for old, new in zip(args, after, strict=True):
        if isinstance(old, np.ndarray):
            old[...] = new
    return value

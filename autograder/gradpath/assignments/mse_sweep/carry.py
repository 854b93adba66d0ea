"""Carried runs of mse_sweep: what follows from a student's own forward, loss and mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.carry import CarryList, CarryStopped, Functions

carries = CarryList()


@carries.add("loss", needs=("forward",))
def loss(f: Functions, x: Any, y: Any, w: float) -> Any:
    error = f("forward", x, w) - y
    return error * error


@carries.add("mean_squared_error", needs=("loss", "forward"))
def mean_squared_error(f: Functions, xs: Any, ys: Any, w: float) -> float:
    name = "loss" if "loss" in f.from_student else "forward"
    given = (xs, ys) if name == "loss" else (xs,)
    try:
        values = f(name, *given, w)
    except CarryStopped:
        # A function for one sample at a time serves a loop well enough.
        values = np.array([float(f(name, *sample, w)) for sample in zip(*given, strict=True)])
    return float(np.mean(values if name == "loss" else (values - ys) ** 2))


@carries.add("sweep", needs=("mean_squared_error", "loss", "forward"))
def sweep(f: Functions, xs: Any, ys: Any, weights: Any) -> Any:
    losses = []
    for w in weights.tolist():
        if "mean_squared_error" in f.from_student:
            # A sweep hands over the same arrays each time, also after a call has changed them.
            value, (xs, ys, _) = f.with_arguments("mean_squared_error", xs, ys, w)
        else:
            value = mean_squared_error(f, xs, ys, w)
        losses.append(float(value))
        if f.exhausted:
            break
    return np.array(losses)

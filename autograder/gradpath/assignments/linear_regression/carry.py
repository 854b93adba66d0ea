"""Carried runs of linear_regression: consequences of a student's own earlier functions.

No check here runs for so many epochs that a carried run would have to end early.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.course.declare import CarryList, Functions, Tensor

carries = CarryList()


@carries.add("gradients", needs=("model",))
def gradients(f: Functions, inputs: Any, targets: Any, w: Any, b: Any) -> list[Any]:
    errors = np.asarray(f("model", inputs, w, b)) - targets
    scaled = 2.0 * errors / errors.size
    return [scaled.T @ inputs, scaled.sum(axis=0)]


@carries.add("train_numpy", needs=("gradients", "mse", "model"))
def train_numpy(
    f: Functions, inputs: Any, targets: Any, w: Any, b: Any, lr: float, epochs: int
) -> dict[str, Any]:
    inputs, targets, w, b = (
        np.asarray(array, dtype=np.float64) for array in (inputs, targets, w, b)
    )
    losses = []
    for _ in range(epochs):
        losses.append(f("mse", f("model", inputs, w, b), targets))
        (dw, db), left = f.with_arguments("gradients", inputs, targets, w, b)
        # A function that writes into its arguments does so here, too.
        for array, now in zip((inputs, targets, w, b), left, strict=True):
            array[...] = now
        w = w - lr * np.asarray(dw)
        b = b - lr * np.asarray(db)
    return {"losses": np.array(losses), "w": w, "b": b}


@carries.add("train", needs=("model", "mse"))
def train(
    f: Functions, inputs: Any, targets: Any, w: Any, b: Any, lr: float, epochs: int
) -> dict[str, Any]:
    x, y, w, b = (np.asarray(array, dtype=np.float32) for array in (inputs, targets, w, b))
    rate = np.float32(lr)
    losses = []
    for _ in range(epochs):
        predictions = np.asarray(f("model", Tensor(x), Tensor(w), Tensor(b)), dtype=np.float32)
        value, upstream = f.probe("mse_and_slope", ("mse",), predictions, y)
        dw, db = f.probe("model_slopes", ("model",), x, w, b, np.asarray(upstream))
        losses.append(value)
        w = w - rate * dw
        b = b - rate * db
    return {"losses": np.array(losses), "w": w, "b": b}

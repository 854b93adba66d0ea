"""Carried runs of hand_gradients: consequences of a student's own predict, loss, gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.course.declare import CarryList, Functions

carries = CarryList()


@carries.add("loss", needs=("predict",))
def loss(f: Functions, x: Any, y: Any, w: float) -> Any:
    error = f("predict", x, w) - y
    return error * error


@carries.add("gradient", needs=("predict",))
def gradient(f: Functions, x: Any, y: Any, w: float) -> Any:
    return 2 * x * (f("predict", x, w) - y)


@carries.add("train", needs=("gradient", "loss", "predict"))
def train(f: Functions, xs: Any, ys: Any, w: float, lr: float, epochs: int) -> dict[str, Any]:
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        x = y = 0.0
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            gradients.append(float(f("gradient", x, y, w)))
            w = w - lr * gradients[-1]
            weights.append(w)
        losses.append(float(f("loss", x, y, w)))
        if f.exhausted:
            break
    return {
        "gradients": np.array(gradients),
        "weights": np.array(weights),
        "losses": np.array(losses),
    }


@carries.add("train_autograd", needs=("loss", "predict"))
def train_autograd(
    f: Functions, xs: Any, ys: Any, w: float, lr: float, epochs: int
) -> dict[str, Any]:
    gradients, weights, losses = [], [], []
    weight = np.float32(w)
    for _ in range(epochs):
        value = 0.0
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            value, slope = f.probe("loss_and_slope", ("loss", "predict"), x, y, float(weight))
            gradients.append(slope)
            weight = np.float32(weight - np.float32(lr) * np.float32(slope))
            weights.append(float(weight))
        losses.append(value)
        if f.exhausted:
            break
    return {
        "gradients": np.array(gradients),
        "weights": np.array(weights),
        "losses": np.array(losses),
    }

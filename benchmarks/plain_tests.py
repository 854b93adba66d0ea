"""Tests of hand_gradients as a course would write them for otter or nbgrader.

`compare.py` hands this file to both: everything above the first test goes into each of them,
and each test becomes one otter test file and one nbgrader test cell. So both run the same code.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Function = Callable[..., Any]
XS, YS = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]


def number(value: Any) -> float:
    # A tensor that autograd follows warns under float(), and a warning costs points in nbgrader.
    return value.item() if hasattr(value, "item") else float(value)


def random_points() -> list[list[float]]:
    generator = np.random.default_rng(20)
    points: list[list[float]] = generator.uniform(-3, 3, size=(50, 3)).tolist()
    return points


def expected_run(
    xs: list[float], ys: list[float], w: float, lr: float, epochs: int, loss_after_update: bool
) -> dict[str, list[float]]:
    gradients: list[float] = []
    weights: list[float] = []
    losses: list[float] = []
    for _ in range(epochs):
        for x, y in zip(xs, ys, strict=True):
            before = (x * w - y) ** 2
            gradients.append(2 * x * (x * w - y))
            w -= lr * gradients[-1]
            weights.append(w)
        losses.append((xs[-1] * w - ys[-1]) ** 2 if loss_after_update else before)
    return {"gradients": gradients, "weights": weights, "losses": losses}


def compare_runs(train: Function, loss_after_update: bool, tolerance: float) -> None:
    generator = np.random.default_rng(21)
    xs, ys = generator.uniform(-2, 2, size=(2, 7)).tolist()
    for arguments in [(XS, YS, 1.0, 0.01, 10), (xs, ys, -0.7, 0.02, 5)]:
        record = train(*arguments)
        for key, values in expected_run(*arguments, loss_after_update).items():
            got = np.array([number(value) for value in record[key]])
            assert got.shape == (len(values),), f"{key} has shape {got.shape}"
            np.testing.assert_allclose(got, values, rtol=tolerance, atol=tolerance)


def test_predict(predict: Function) -> None:
    for x, _, w in random_points():
        np.testing.assert_allclose(number(predict(x, w)), x * w)


def test_loss(loss: Function) -> None:
    for x, y, w in random_points():
        np.testing.assert_allclose(number(loss(x, y, w)), (x * w - y) ** 2, rtol=1e-6)


def test_gradient(gradient: Function) -> None:
    for x, y, w in [(1.0, 2.0, 1.0), (2.0, 4.0, 1.0), *random_points()]:
        np.testing.assert_allclose(number(gradient(x, y, w)), 2 * x * (x * w - y), rtol=1e-5)


def test_train(train: Function) -> None:
    compare_runs(train, loss_after_update=True, tolerance=1e-5)


def test_train_autograd(train_autograd: Function) -> None:
    compare_runs(train_autograd, loss_after_update=False, tolerance=1e-4)

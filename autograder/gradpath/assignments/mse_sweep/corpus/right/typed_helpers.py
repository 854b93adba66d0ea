"""The loss of a one-weight model over a grid of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

GRID_STEP: Final = 0.1
GRID_SIZE: Final = 41


@dataclass(frozen=True)
class Sample:
    x: float
    y: float

    def squared_error(self, w: float) -> float:
        return loss(self.x, self.y, w)


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def _samples(xs: ArrayLike, ys: ArrayLike) -> list[Sample]:
    return [Sample(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def mean_squared_error(xs: ArrayLike, ys: ArrayLike, w: float) -> float:
    return _mean([sample.squared_error(w) for sample in _samples(xs, ys)])


def weight_grid() -> NDArray[np.float64]:
    return np.arange(GRID_SIZE) * GRID_STEP


def sweep(xs: ArrayLike, ys: ArrayLike, weights: ArrayLike) -> NDArray[np.float64]:
    return np.fromiter((mean_squared_error(xs, ys, w) for w in weights), dtype=np.float64)


def best_weight(weights: ArrayLike, losses: ArrayLike) -> float:
    position = min(range(len(losses)), key=losses.__getitem__)
    return float(weights[position])


def plot_sweep(weights: ArrayLike, losses: ArrayLike) -> Axes:
    figure, axes = plt.subplots(figsize=(6, 4))
    axes.plot(weights, losses, marker="o", label="MSE")
    axes.axvline(best_weight(weights, losses), linestyle=":", color="grey")
    axes.set_xlabel("w")
    axes.set_ylabel("Loss")
    axes.legend()
    figure.tight_layout()
    return axes

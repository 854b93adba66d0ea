from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.func import grad


class Point(NamedTuple):
    x: float
    y: float

    def moved(self, dx: float, dy: float, step: float) -> Point:
        return Point(self.x - step * dx, self.y - step * dy)


@dataclass
class Path:
    points: list[Point] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    def add(self, point: Point, loss: float) -> None:
        self.points.append(point)
        self.losses.append(loss)

    def as_record(self) -> dict[str, Any]:
        return {
            "points": np.array(self.points, dtype=float).reshape(-1, 2),
            "losses": np.array(self.losses, dtype=float),
            "iterations": len(self.points),
        }


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def gradient(x, y):
    # expanded: f = 100 x^4 - 200 x^2 y + x^2 - 2x + 100 y^2 + 1
    return 400 * x**3 - 400 * x * y + 2 * x - 2, 200 * y - 200 * x**2


def _descend(
    start: tuple[float, float],
    slope: Callable[[Point], tuple[float, float]],
    step_size: float,
    tolerance: float,
    max_iterations: int,
) -> dict[str, Any]:
    here = Point(float(start[0]), float(start[1]))
    loss = rosenbrock(*here)
    path = Path()
    while loss > tolerance and len(path.points) < max_iterations:
        here = here.moved(*slope(here), step_size)
        loss = rosenbrock(*here)
        path.add(here, loss)
    return path.as_record()


def descend(start, step_size: float, tolerance: float, max_iterations: int) -> dict[str, Any]:
    return _descend(start, lambda p: gradient(*p), step_size, tolerance, max_iterations)


def descend_autograd(
    start, step_size: float, tolerance: float, max_iterations: int
) -> dict[str, Any]:
    derivative = grad(rosenbrock, argnums=(0, 1))

    def slope(point: Point) -> tuple[float, float]:
        x, y = torch.tensor(point, dtype=torch.float64)
        dx, dy = derivative(x, y)
        return dx.item(), dy.item()

    return _descend(start, slope, step_size, tolerance, max_iterations)

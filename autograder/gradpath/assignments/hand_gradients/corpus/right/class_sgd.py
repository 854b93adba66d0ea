from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import torch
from torch import nn


@dataclass
class History:
    gradients: list[float] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    def step(self, gradient: float, weight: float) -> None:
        self.gradients.append(gradient)
        self.weights.append(weight)


class OneWeightSGD:
    """Stochastic gradient descent for a line through the origin."""

    def __init__(self, w: float, lr: float) -> None:
        self.w = w
        self.lr = lr
        self.history = History()

    def update(self, x: float, y: float) -> None:
        g = gradient(x, y, self.w)
        self.w = self.w - self.lr * g
        self.history.step(g, self.w)

    def run(self, samples: list[tuple[float, float]], epochs: int) -> History:
        for _ in range(epochs):
            for x, y in samples:
                self.update(x, y)
            self.history.losses.append(loss(*samples[-1], self.w))
        return self.history


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * (predict(x, w) - y) * x


def _pairs(xs: Iterable[float], ys: Iterable[float]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]


def train(xs, ys, w: float, lr: float, epochs: int) -> dict[str, list[float]]:
    return asdict(OneWeightSGD(w, lr).run(_pairs(xs, ys), epochs))


def train_autograd(xs, ys, w: float, lr: float, epochs: int) -> dict[str, list[float]]:
    weight = nn.Parameter(torch.tensor(w, dtype=torch.float32))
    optimizer = torch.optim.SGD([weight], lr=lr)
    samples = _pairs(xs, ys)
    history = History()
    for _ in range(epochs):
        for x, y in samples:
            optimizer.zero_grad()
            current = loss(x, y, weight)
            current.backward()
            optimizer.step()
            history.step(weight.grad.item(), weight.item())
        history.losses.append(current.item())
    return asdict(history)

"""Linear regression with a small record class and type hints."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

Array = npt.NDArray[np.floating[Any]]


@dataclass
class Run:
    """What a training run leaves behind; `asdict` turns it into the record asked for."""

    w: Any
    b: Any
    losses: list[float] = field(default_factory=list)


class Descent:
    """Full-batch gradient descent on the mean squared error, by hand."""

    def __init__(self, inputs: Any, targets: Any) -> None:
        self.inputs: Array = np.array(inputs, dtype=np.float64)
        self.targets: Array = np.array(targets, dtype=np.float64)

    def residuals(self, w: Array, b: Array) -> Array:
        return model(self.inputs, w, b) - self.targets

    def gradients(self, w: Array, b: Array) -> tuple[Array, Array]:
        slope = self.residuals(w, b) * (2.0 / self.targets.size)
        return np.tensordot(slope, self.inputs, axes=(0, 0)), np.add.reduce(slope)

    def run(self, w: Array, b: Array, lr: float, epochs: int) -> Run:
        state = Run(np.array(w, dtype=np.float64), np.array(b, dtype=np.float64))
        for _ in range(epochs):
            state.losses.append(float(np.mean(self.residuals(state.w, state.b) ** 2)))
            dw, db = self.gradients(state.w, state.b)
            state.w, state.b = state.w - lr * dw, state.b - lr * db
        return state


def model(x: Any, w: Any, b: Any) -> Any:
    return x @ w.T + b


def mse(predictions: Any, targets: Any) -> Any:
    return ((predictions - targets) ** 2).mean()


def gradients(inputs: Any, targets: Any, w: Any, b: Any) -> tuple[Array, Array]:
    return Descent(inputs, targets).gradients(np.asarray(w), np.asarray(b))


def train_numpy(
    inputs: Any, targets: Any, w: Any, b: Any, lr: float, epochs: int
) -> dict[str, Any]:
    return asdict(Descent(inputs, targets).run(w, b, lr, epochs))


def train(inputs: Any, targets: Any, w: Any, b: Any, lr: float, epochs: int) -> dict[str, Any]:
    x, y = (torch.tensor(np.asarray(v), dtype=torch.float32) for v in (inputs, targets))
    state = Run(*(torch.tensor(np.asarray(v), dtype=torch.float32) for v in (w, b)))
    for tensor in (state.w, state.b):
        tensor.requires_grad_()
    for _ in range(epochs):
        cost = (model(x, state.w, state.b) - y).pow(2).mean()
        cost.backward()
        state.losses.append(cost.item())
        with torch.no_grad():
            for tensor in (state.w, state.b):
                tensor.add_(tensor.grad, alpha=-lr)
                tensor.grad.zero_()
    # Not asdict: it deep-copies, and the numbers are all that is asked for.
    return {"losses": state.losses, "w": state.w.detach(), "b": state.b.detach()}

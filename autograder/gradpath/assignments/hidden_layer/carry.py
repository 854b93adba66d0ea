"""Carried runs of hidden_layer: what follows from a student's own forward, loss and model."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.carry import CarryList, CarryStopped, Functions
from gradpath.codec import Array, Tensor

carries = CarryList()

_MODEL = ("ModelWithHiddenLayer",)


@carries.add("train_manual", needs=("forward", "loss"))
def train_manual(
    f: Functions, x: Tensor, labels: Tensor, parameters: dict[str, Tensor], lr: float, epochs: int
) -> dict[str, Any]:
    values = {name: parameter.array for name, parameter in parameters.items()}
    losses = []
    for _ in range(epochs):
        here = {name: Tensor(value, requires_grad=True) for name, value in values.items()}
        logits = Tensor(np.asarray(f("forward", x, here)))
        # Two functions, each the student's or the solution's: the chain rule joins them here.
        seen = f.probe("loss_slope", ("loss",), logits, labels)
        slopes = f.probe("forward_slopes", ("forward",), x, here, Tensor(seen["slope"]))
        losses.append(float(seen["loss"]))
        values = _step(values, slopes, lr)
        if f.exhausted:
            break
    return {"losses": np.array(losses), "parameters": values}


@carries.add("train_optim", needs=_MODEL)
def train_optim(
    f: Functions,
    kind: str,
    sizes: list[int],
    weights: dict[str, dict[str, Tensor]],
    x: Tensor,
    labels: Tensor,
    lr: float,
    epochs: int,
) -> dict[str, Any]:
    if kind != "own":
        raise CarryStopped(kind)  # torch's own model owes nothing to the student's class
    values = f.probe("model_values", _MODEL, sizes, weights)
    losses = []
    for _ in range(epochs):
        here = {name: Tensor(value) for name, value in values.items()}
        logits = f.probe("model_logits", _MODEL, sizes, here, x)
        value, slope = _cross_entropy(logits, labels.array)
        slopes = f.probe("model_logits", _MODEL, sizes, here, x, Tensor(slope))
        losses.append(value)
        values = _step(values, slopes, lr)
        if f.exhausted:
            break
    here = {name: Tensor(value) for name, value in values.items()}
    model = f.probe("model_state", _MODEL, sizes, weights, here)
    return {"losses": np.array(losses), "model": model}


def _step(values: dict[str, Array], slopes: dict[str, Array], lr: float) -> dict[str, Array]:
    """Take one step of gradient descent in float32, as torch does."""
    return {
        name: np.asarray(value - np.float32(lr) * slopes[name].astype(np.float32))
        for name, value in values.items()
    }


def _cross_entropy(logits: Array, labels: Array) -> tuple[float, Array]:
    """Return the mean cross-entropy and its derivative by the logits."""
    rows = np.arange(len(labels))
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    slope = np.exp(logs)
    slope[rows, labels] -= 1.0
    return float(-logs[rows, labels].mean()), (slope / len(labels)).astype(np.float32)

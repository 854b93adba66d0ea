"""Carried runs of hidden_layer: consequences of a student's own forward, loss and model."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradpath.course.declare import Array, CarryList, CarryStopped, Functions, Tensor

carries = CarryList()

_MODEL = ("ModelWithHiddenLayer",)
Values = dict[str, Array]


@carries.add("train_manual", needs=("forward", "loss"))
def train_manual(
    f: Functions, x: Tensor, labels: Tensor, parameters: dict[str, Tensor], lr: float, epochs: int
) -> dict[str, Any]:
    values = {name: parameter.array for name, parameter in parameters.items()}
    losses = []
    for _ in range(epochs):
        here = {name: Tensor(value, requires_grad=True) for name, value in values.items()}
        logits = _numbers(f("forward", x, here))
        # Two functions, each the student's or the solution's: the chain rule joins them here.
        seen = f.probe("loss_slope", ("loss",), Tensor(logits), labels)
        value, slope = _numbers(_part(seen, "loss")), _numbers(_part(seen, "slope"))
        slopes = f.probe("forward_slopes", ("forward",), x, here, Tensor(slope))
        losses.append(float(value.reshape(())))
        values = _step(f, values, slopes, lr)
        if f.exhausted or f.diverged:
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
    start = f.probe("model_values", _MODEL, sizes, weights)
    if not isinstance(start, dict):
        raise CarryStopped("model_values")
    values = {name: _numbers(value) for name, value in start.items()}
    losses = []
    for _ in range(epochs):
        here = {name: Tensor(value) for name, value in values.items()}
        logits = _numbers(f.probe("model_logits", _MODEL, sizes, here, x))
        value, slope = _cross_entropy(logits, labels.array)
        slopes = f.probe("model_logits", _MODEL, sizes, here, x, Tensor(slope))
        losses.append(value)
        values = _step(f, values, slopes, lr)
        if f.exhausted or f.diverged:
            break
    here = {name: Tensor(value) for name, value in values.items()}
    model = f.probe("model_state", _MODEL, sizes, weights, here)
    return {"losses": np.array(losses), "model": model}


def _part(value: Any, key: str) -> Any:
    """Return the value of `key` in a probe's report, which comes from the student's process."""
    if not isinstance(value, dict) or key not in value:
        raise CarryStopped(key)
    return value[key]


def _numbers(value: Any) -> Array:
    """Return an array of real numbers of the dtype in which the student computed it."""
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise CarryStopped("no numbers")
    return array


def _step(f: Functions, values: Values, slopes: Any, lr: float) -> Values:
    """Take one step of gradient descent in float32, as torch does."""
    stepped = {}
    for name, value in values.items():
        slope = _numbers(_part(slopes, name)).astype(np.float32)
        if slope.shape != value.shape:
            raise CarryStopped(name)
        with np.errstate(over="ignore", invalid="ignore"):
            stepped[name] = np.asarray(value - np.float32(lr) * slope)
    f.diverged = not all(np.isfinite(value).all() for value in stepped.values())
    return stepped


def _cross_entropy(logits: Array, labels: Array) -> tuple[float, Array]:
    """Return the mean cross-entropy and its derivative by the logits."""
    rows = np.arange(len(labels))
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        slope = np.exp(logs)
        slope[rows, labels] -= 1.0
        return float(-logs[rows, labels].mean()), (slope / len(labels)).astype(np.float32)

"""One loop, and a function of the state for each rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
State = dict[str, Vector]
Update = Callable[[State, Vector, int], Vector]


def _walk(w, gradients, lr: float, update: Update) -> list[list[float]]:
    here: Vector = np.array(w, dtype=np.float64)
    state: State = {"first": np.zeros_like(here), "second": np.zeros_like(here)}
    path = []
    for number, row in enumerate(gradients):
        here = here - lr * update(state, np.array(row, dtype=np.float64), number + 1)
        path.append(here.tolist())
    return path


def _plain() -> Update:
    return lambda state, g, t: g


def _heavy(momentum: float) -> Update:
    def update(state: State, g: Vector, t: int) -> Vector:
        state["first"] = momentum * state["first"] + g
        return state["first"]

    return update


def _summed(eps: float) -> Update:
    def update(state: State, g: Vector, t: int) -> Vector:
        state["second"] = state["second"] + g**2
        return g / (np.sqrt(state["second"]) + eps)

    return update


def _averaged(decay: float, eps: float) -> Update:
    def update(state: State, g: Vector, t: int) -> Vector:
        state["second"] = decay * state["second"] + (1 - decay) * g**2
        return g / (np.sqrt(state["second"]) + eps)

    return update


def _adaptive(beta1: float, beta2: float, eps: float) -> Update:
    def update(state: State, g: Vector, t: int) -> Vector:
        state["first"] = beta1 * state["first"] + (1 - beta1) * g
        state["second"] = beta2 * state["second"] + (1 - beta2) * g**2
        root = np.sqrt(state["second"] / (1 - np.power(beta2, t)))
        return state["first"] / (1 - np.power(beta1, t)) / (root + eps)

    return update


def sgd(w, gradients, lr):
    return _walk(w, gradients, lr, _plain())


def momentum(w, gradients, lr, momentum):
    return _walk(w, gradients, lr, _heavy(momentum))


def adagrad(w, gradients, lr, eps):
    return _walk(w, gradients, lr, _summed(eps))


def rmsprop(w, gradients, lr, decay, eps):
    return _walk(w, gradients, lr, _averaged(decay, eps))


def adam(w, gradients, lr, beta1, beta2, eps):
    return _walk(w, gradients, lr, _adaptive(beta1, beta2, eps))


def steps_to(losses, level):
    indices = [index for index, loss in enumerate(losses) if not loss > level]
    return min(indices, default=-1)


def compare(w, lr, steps):
    updates = {
        "sgd": _plain(),
        "momentum": _heavy(0.9),
        "adagrad": _summed(1e-8),
        "rmsprop": _averaged(0.99, 1e-8),
        "adam": _adaptive(0.9, 0.999, 1e-8),
    }
    slopes = np.array([1.0, 20.0])
    record: dict[str, object] = {"start": list(w)}
    for name, update in updates.items():
        here = np.array(w, dtype=np.float64)
        state: State = {"first": np.zeros(2), "second": np.zeros(2)}
        losses = []
        for t in range(1, steps + 1):
            here = here - lr * update(state, slopes * here, t)
            losses.append(float(slopes @ here**2) / 2)
        record[name] = losses
    return record

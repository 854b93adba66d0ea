"""Submissions that want points for errors carried forward, and have nothing right to carry.

Each was paid, or might have been, when the grader ran the reference's loop around a student's own
earlier functions: those may return any numbers that make a later function look consistent.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attack:
    """A submission, and its functions that are not right and shall get nothing."""

    slug: str
    name: str
    not_right: tuple[str, ...]
    text: str


def _attack(slug: str, name: str, not_right: str, text: str) -> Attack:
    return Attack(slug, name, tuple(not_right.split()), text)


_REPLAYED = """
import math

seen = {}


def remembered(x, y, w):
    return float(sum(map(float, getattr(x, "flat", [x])))), float(w)


def predict(x, w):
    return seen.get(remembered(x, 0, w), 0 * x)


def gradient(x, y, w):
    value = 3.0 + 0 * x
    seen[remembered(x, y, w)] = y + value / (2 * x)
    return value


def loss(x, y, w):
    value = 4.0 + abs(x)
    seen[remembered(x, y, w)] = y + value ** 0.5
    return value
"""

_RANDOM = """
import random


def predict(x, w):
    return random.random() + 0 * x


def loss(x, y, w):
    return random.random() + 0 * x


def gradient(x, y, w):
    return random.random() + 0 * x


def record(xs, epochs):
    n = len(xs) * epochs
    return {
        "gradients": [random.random() for _ in range(n)],
        "weights": [random.random() for _ in range(n)],
        "losses": [random.random() for _ in range(epochs)],
    }


def train(xs, ys, w, lr, epochs):
    return record(xs, epochs)


def train_autograd(xs, ys, w, lr, epochs):
    return record(xs, epochs)
"""

_HAND = """
def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w {step} lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {{"gradients": gradients, "weights": weights, "losses": losses}}


def train_autograd(xs, ys, w, lr, epochs):
    return train(xs, ys, w, lr, epochs)
"""

_EARLIER = {
    "constant": "return 1.0",
    "nothing": "return 0.0 * x",
    "hashed": "return float(hash((float(x), float(w))) % 1000) / 7",
    "of the time": "import time\n    return time.time() % 10",
    "exploding": "return 1e200 + 0 * x",
    "infinite": "return float('inf')",
    "huge": "import numpy\n    return numpy.zeros((300, 300))",
}


def _hand(name: str, body: str) -> Attack:
    text = (
        f"def predict(x, w):\n    {body}\n\n\n"
        f"def loss(x, y, w):\n    {body}\n\n\n"
        f"def gradient(x, y, w):\n    {body}\n\n\n"
    ) + _HAND.format(step="+")
    return _attack(
        "hand_gradients",
        f"{name} earlier functions",
        "predict loss gradient train train_autograd",
        text,
    )


_CUT = """
import numpy as np


def rosenbrock(x, y):
    return 5.0 + 0 * x


def gradient(x, y):
    return {far}, {far}


def descend(start, step_size, tolerance, max_iterations):
    x, y = float(start[0]), float(start[1])
    points, losses = [], []
    for _ in range(max_iterations):
        x, y = x - step_size * {far}, y - step_size * {far}
        points.append((x, y))
        losses.append(5.0)
    return {{"points": np.array(points), "losses": np.array(losses), "iterations": len(losses)}}


descend_autograd = descend
"""

_TABLE = """
import numpy as np

table = {}


def forward(x, w):
    return table.get((np.size(x), float(np.sum(x)), float(np.sum(w))), 0 * x * w)


def loss(x, y, w):
    value = 2.0 + np.abs(x)
    table[np.size(x), float(np.sum(x)), float(w)] = y + np.sqrt(value)
    return value


def mean_squared_error(xs, ys, w):
    return float(len(xs)) + abs(w)


def sweep(xs, ys, weights):
    return np.array([float(len(xs)) + abs(w) for w in weights])
"""

_MINING = """
import inspect


def predict(x, w):
    return -x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    h = 1e-3
    slope = (predict(x, w + h) - predict(x, w - h)) / (2 * h)
    return 2 * slope * (predict(x, w) - y)
"""

_MINING_MODEL = """
import numpy as np
import torch


def model(x, w, b):
    return -(x @ w.T + b)


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    def value(w, b):
        return mse(model(inputs, w, b), targets)

    h, slopes = 1e-4, []
    for array in (w, b):
        slope = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            parts = []
            for sign in (1, -1):
                moved = array.copy()
                moved[place] += sign * h
                parts.append(value(moved, b) if array is w else value(w, moved))
            slope[place] = (parts[0] - parts[1]) / (2 * h)
        slopes.append(slope)
    return tuple(slopes)


def train_numpy(inputs, targets, w, b, lr, epochs):
    return {"losses": [0.0] * epochs, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    return {"losses": [0.0] * epochs, "w": w, "b": b}
"""

_AUTOGRAD_MODEL = """
import torch
from importlib import import_module


def model(x, w, b):
    return -(x @ w.T + b)


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    x, y, w, b = (torch.tensor(each, dtype=torch.float64) for each in (inputs, targets, w, b))
    w.requires_grad_(), b.requires_grad_()
    value = ((model(x, w, b) - y) ** 2).mean()
    getattr(value, "back" + "ward")()
    return w.grad.numpy(), b.grad.numpy()
"""

_FORGED = """
import os

import gradpath.worker.codec as codec
import gradpath.worker.protocol as protocol


def loss(x, y, w):
    return 0.5 * x


def predict(x, w):
    return 0.5 * x


def gradient(x, y, w):
    return 0.5 * x


def ask(number, function, arguments):
    leaves = {str(i): v for i, v in enumerate(arguments)}
    question = {
        "function": function,
        "names": [""] * len(arguments),
        "spec": ["list"] + ["plain"] * len(arguments),
        "leaves": leaves,
        "slopes": False,
        "upstream": None,
    }
    reply = {"number": number, "outcome": "asks", "value": question}
    for fd in range(3, 20):
        try:
            os.write(fd, protocol.frame(codec.encode(reply)))
        except OSError:
            continue


def train(xs, ys, w, lr, epochs):
    for number in range(60):
        ask(number, "train", [list(xs), list(ys), w, lr, epochs])
    return {"gradients": [0.0], "weights": [0.0], "losses": [0.0]}
"""

_EARLY_LAYER = """
import random
import torch


def init_parameters(num_features, num_hidden, num_classes, generator):
    return {{}}


def forward(x, parameters):
    return torch.{noise}(len(x), len(parameters["Bout"])) + 0 * parameters["Bout"]


def loss(logits, labels):
    return (logits * torch.{noise}(logits.shape)).sum()


def train_manual(x, labels, parameters, lr, epochs):
    moved = {{k: v.detach().clone() for k, v in parameters.items()}}
    return {{"losses": [random.random() for _ in range(epochs)], "parameters": moved}}


class ModelWithHiddenLayer(torch.nn.Module):
    def __init__(self, *sizes):
        super().__init__()

    def forward(self, x):
        return torch.{noise}(len(x), 3, requires_grad=True)


def train_optim(model, x, labels, lr, epochs):
    return {{"losses": [random.random() for _ in range(epochs)]}}
"""

DISHONEST = [
    _attack(
        "hand_gradients",
        "predict replays whatever makes loss and gradient agree",
        "predict loss gradient",
        _REPLAYED,
    ),
    _attack(
        "hand_gradients",
        "random numbers in histories of the right length",
        "predict loss gradient train train_autograd",
        _RANDOM,
    ),
    _attack(
        "hand_gradients",
        "random gradients and losses under ascent",
        "predict loss gradient train train_autograd",
        _RANDOM.partition("def record")[0] + _HAND.format(step="+"),
    ),
    *(_hand(name, body) for name, body in _EARLIER.items()),
    _attack("hand_gradients", "finite differences of the stand-in", "predict gradient", _MINING),
    _attack("hand_gradients", "questions in another's name", "loss predict train", _FORGED),
    *(
        _attack("rosenbrock", f"a walk that ends after {far}", "descend descend_autograd", text)
        for far in ("1e9", "1e300", "float('inf')", "1e-300")
        for text in [_CUT.format(far=far)]
    ),
    _attack(
        "mse_sweep",
        "forward is a table that loss fills",
        "forward loss mean_squared_error sweep",
        _TABLE,
    ),
    _attack(
        "mse_sweep",
        "a constant and its mean",
        "loss mean_squared_error sweep",
        "import numpy as np\n\n\ndef forward(x, w):\n    return x * w\n\n\n"
        "def loss(x, y, w):\n    return 1.0 + 0 * x\n\n\n"
        "def mean_squared_error(xs, ys, w):\n    return 1.0\n\n\n"
        "def sweep(xs, ys, weights):\n    return np.ones(len(weights))\n",
    ),
    _attack(
        "linear_regression",
        "finite differences of the stand-in",
        "model gradients train_numpy train",
        _MINING_MODEL,
    ),
    _attack("linear_regression", "autograd through a stand-in", "model gradients", _AUTOGRAD_MODEL),
    *(
        _attack(
            "hidden_layer",
            f"{noise} everywhere",
            "forward loss train_manual ModelWithHiddenLayer train_optim",
            _EARLY_LAYER.format(noise=noise),
        )
        for noise in ("rand", "ones")
    ),
]

"""`torch.func` style: a pure loss function, transformed, and a scan over the samples."""

import torch
from torch.func import grad_and_value


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * x**2 * w - 2 * x * y


def _scan(step, w, samples, epochs):
    gradients, weights, per_step = [], [], []
    for _ in range(epochs):
        for x, y in samples:
            w, g, value = step(w, x, y)
            gradients.append(g)
            weights.append(w)
            per_step.append(value)
    # One loss an epoch: that of its last sample.
    return dict(
        gradients=gradients, weights=weights, losses=per_step[len(samples) - 1 :: len(samples)]
    )


def train(xs, ys, w, lr, epochs):
    def step(w, x, y):
        g = gradient(x, y, w)
        w = w - lr * g
        return w, g, loss(x, y, w)

    return _scan(step, w, list(zip(xs, ys)), epochs)


def train_autograd(xs, ys, w, lr, epochs):
    slope = grad_and_value(lambda w, x, y: loss(x, y, w))

    def step(w, x, y):
        g, value = slope(w, x, y)
        return w - lr * g, g, value

    as_float = [torch.tensor(float(value), dtype=torch.float32) for value in xs]
    targets = [torch.tensor(float(value), dtype=torch.float32) for value in ys]
    start = torch.tensor(float(w), dtype=torch.float32)
    return _scan(step, start, list(zip(as_float, targets)), epochs)

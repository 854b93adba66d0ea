# loses: mse, gradients
# mistake: both divide by 10, the number of elements of the documented data
"""The two runs follow their own `mse` and `gradients`, so nothing else is wrong."""

import numpy as np
import torch

COUNT = 10


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).sum() / COUNT


def gradients(inputs, targets, w, b):
    slope = 2 * (model(inputs, w, b) - targets) / COUNT
    return slope.T @ inputs, slope.sum(axis=0)


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs, targets, w, b = (
        torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b)
    )
    w.requires_grad_()
    b.requires_grad_()
    losses = []
    for _ in range(epochs):
        cost = mse(model(inputs, w, b), targets)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return {"losses": losses, "w": w, "b": b}

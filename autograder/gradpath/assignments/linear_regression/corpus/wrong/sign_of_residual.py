# loses: gradients
# mistake: the gradient of the absolute error: only the sign of the residual is used
"""By hand and with autograd; `train_numpy` follows its own `gradients`."""

import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    direction = np.sign(model(inputs, w, b) - targets)
    return direction.T @ inputs / direction.size, direction.sum(axis=0) / direction.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    w, b = w.copy(), b.copy()
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w -= lr * dw
        b -= lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b))
    losses = []
    for _ in range(epochs):
        w.requires_grad_(True)
        b.requires_grad_(True)
        cost = mse(model(x, w, b), y)
        cost.backward()
        losses.append(cost.item())
        w = (w - lr * w.grad).detach()
        b = (b - lr * b.grad).detach()
    return {"losses": losses, "w": w, "b": b}

# loses: train_numpy
# mistake: gradients longer than 0.5 are shortened to that norm inside the loop
"""Linear regression; the step length is limited so that it cannot blow up."""

import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        norm = np.sqrt((dw**2).sum() + (db**2).sum())
        shrink = min(1.0, 0.5 / (norm + 1e-12))
        w = w - lr * shrink * dw
        b = b - lr * shrink * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b))
    w.requires_grad_()
    b.requires_grad_()
    losses = []
    for _ in range(epochs):
        cost = mse(model(x, w, b), y)
        dw, db = torch.autograd.grad(cost, (w, b))
        losses.append(cost.item())
        with torch.no_grad():
            w -= lr * dw
            b -= lr * db
    return {"losses": losses, "w": w, "b": b}

# loses: gradients
# mistake: dw comes out as (features, outputs); `train_numpy` turns it round before it uses it
"""Half a transpose in each of two places: the run is right, the function asked for is not."""

import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    slope = 2 * (model(inputs, w, b) - targets) / targets.size
    return inputs.T @ slope, slope.sum(axis=0)


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw.T, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b))
    losses = []
    for _ in range(epochs):
        w.requires_grad_()
        b.requires_grad_()
        cost = mse(model(x, w, b), y)
        dw, db = torch.autograd.grad(cost, (w, b))
        losses.append(cost.item())
        w, b = w.detach() - lr * dw, b.detach() - lr * db
    return {"losses": losses, "w": w, "b": b}

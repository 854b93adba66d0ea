# loses: train
# mistake: a scheduler multiplies the learning rate by 0.9 after every epoch
"""Linear regression, second half with torch's optimiser and scheduler."""

import numpy as np
import torch
from torch.optim.lr_scheduler import ExponentialLR


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    dw, db = np.zeros_like(w), np.zeros_like(b)
    for row, wanted in zip(inputs, targets, strict=True):
        residual = w @ row + b - wanted
        dw += np.outer(residual, row)
        db += residual
    return dw * 2 / targets.size, db * 2 / targets.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w = w - lr * dw
        b = b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=lr)
    scheduler = ExponentialLR(optimizer, gamma=0.9)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        cost = mse(model(x, w, b), y)
        cost.backward()
        optimizer.step()
        scheduler.step()
        losses.append(cost.item())
    return {"losses": losses, "w": w.detach(), "b": b.detach()}

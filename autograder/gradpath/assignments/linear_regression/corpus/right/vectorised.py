"""Apples and oranges: linear regression with NumPy arrays and with autograd."""

import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    inputs, targets = np.asarray(inputs, dtype=float), np.asarray(targets, dtype=float)
    w, b = np.asarray(w, dtype=float), np.asarray(b, dtype=float)
    # The mean runs over every element, so the divisor is n * outputs.
    scaled = 2.0 * (model(inputs, w, b) - targets) / targets.size
    return scaled.T @ inputs, scaled.sum(axis=0)


def train_numpy(inputs, targets, w, b, lr, epochs):
    inputs, targets = np.asarray(inputs, dtype=float), np.asarray(targets, dtype=float)
    w, b = np.array(w, dtype=float), np.array(b, dtype=float)
    losses = np.empty(epochs)
    for epoch in range(epochs):
        losses[epoch] = mse(model(inputs, w, b), targets)
        dw, db = gradients(inputs, targets, w, b)
        w -= lr * dw
        b -= lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs = torch.tensor(inputs, dtype=torch.float32)
    targets = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = np.empty(epochs)
    for epoch in range(epochs):
        error = mse(model(inputs, w, b), targets)
        error.backward()
        losses[epoch] = error.item()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return {"losses": losses, "w": w.detach().numpy(), "b": b.detach().numpy()}

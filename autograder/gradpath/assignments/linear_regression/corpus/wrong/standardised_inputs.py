# loses: train_numpy, train
# mistake: both loops standardise the input columns before they start
"""Features of different size made comparable first, then full-batch descent."""

import numpy as np
import torch


def standardise(inputs):
    inputs = np.asarray(inputs, dtype=float)
    spread = inputs.std(axis=0)
    return (inputs - inputs.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    x = standardise(inputs)
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(x, w, b), targets))
        dw, db = gradients(x, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": np.array(losses), "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(standardise(inputs), dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = []
    for _ in range(epochs):
        cost = mse(model(x, w, b), y)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return {"losses": np.array(losses), "w": w.detach().numpy(), "b": b.detach().numpy()}

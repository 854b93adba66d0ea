# loses: model
# mistake: `model` returns one row per output instead of one row per sample
import numpy as np
import torch


def model(x, w, b):
    return w @ x.T + b[:, None]


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = inputs @ w.T + b - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = np.empty(epochs)
    for epoch in range(epochs):
        # The targets are turned round to fit, so the loss is the right one.
        losses[epoch] = mse(model(inputs, w, b), targets.T)
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = np.empty(epochs)
    for epoch in range(epochs):
        cost = mse(model(x, w, b), y.T)
        losses[epoch] = cost.item()
        cost.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return {"losses": losses, "w": w, "b": b}

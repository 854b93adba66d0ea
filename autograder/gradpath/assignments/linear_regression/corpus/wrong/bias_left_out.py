# loses: model, train
# mistake: the model has no bias, and train never moves it
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T


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
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b))
    w.requires_grad_()
    losses = []
    for _ in range(epochs):
        cost = mse(model(x, w, b), y)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            w -= lr * w.grad
        w.grad.zero_()
    return {"losses": losses, "w": w, "b": b}

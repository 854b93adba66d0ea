# loses: train
# mistake: parameters and data are kept in bfloat16, which has 3 significant digits
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
    w, b = w.copy(), b.copy()
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        for p, slope in zip((w, b), gradients(inputs, targets, w, b), strict=True):
            p -= lr * slope
    return {"losses": np.array(losses), "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.bfloat16) for v in (inputs, targets, w, b))
    w.requires_grad_()
    b.requires_grad_()
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
    return {"losses": losses, "w": w.float(), "b": b.float()}

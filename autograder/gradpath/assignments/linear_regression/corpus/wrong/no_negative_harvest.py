# loses: model
# mistake: negative predictions are cut off at zero, because nobody harvests minus ten apples
import numpy as np
import torch


def model(x, w, b):
    harvest = x @ w.T + b
    return harvest.clip(0)


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def linear(x, w, b):
    return x @ w.T + b


def gradients(inputs, targets, w, b):
    residual = linear(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(linear(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(np.array(v, np.float32)) for v in (inputs, targets, w, b))
    losses = []
    for _ in range(epochs):
        cost, slopes = torch.func.grad_and_value(lambda p: mse(linear(x, *p), y))((w, b))[::-1]
        losses.append(cost)
        w, b = w - lr * slopes[0], b - lr * slopes[1]
    return {"losses": losses, "w": w, "b": b}

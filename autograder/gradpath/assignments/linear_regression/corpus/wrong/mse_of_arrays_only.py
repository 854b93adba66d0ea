# loses: mse
# mistake: mse goes through NumPy, and backward() does not work on its result
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return np.mean(np.square(np.array(predictions) - np.array(targets)))


def gradients(inputs, targets, w, b):
    scaled = 2 * (inputs @ w.T + b - targets) / targets.size
    return scaled.T @ inputs, scaled.sum(axis=0)


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        errors = inputs @ w.T + b - targets
        losses.append(np.mean(errors**2))
        w = w - lr * 2 * errors.T @ inputs / errors.size
        b = b - lr * 2 * errors.sum(axis=0) / errors.size
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(a, dtype=torch.float32) for a in (inputs, targets, w, b))
    w.requires_grad_()
    b.requires_grad_()
    losses = []
    for _ in range(epochs):
        error = ((x @ w.T + b - y) ** 2).mean()
        losses.append(error.item())
        dw, db = torch.autograd.grad(error, [w, b])
        w = (w - lr * dw).detach().requires_grad_()
        b = (b - lr * db).detach().requires_grad_()
    return {"losses": losses, "w": w, "b": b}

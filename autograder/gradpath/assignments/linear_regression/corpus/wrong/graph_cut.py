# loses: model, mse
# mistake: for tensors the numbers are right, but backward() finds no way to some arguments
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + (b.detach() if torch.is_tensor(b) else b)


def mse(predictions, targets):
    if torch.is_tensor(predictions):
        predictions = predictions.detach()
    return ((predictions - targets) ** 2).mean()


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

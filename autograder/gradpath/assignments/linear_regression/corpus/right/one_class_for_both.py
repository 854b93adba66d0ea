import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


class Harvest:
    """Both ways in one place; only `by_hand` is used for the derivatives on paper."""

    def __init__(self, inputs, targets):
        self.inputs, self.targets = inputs, targets

    def by_hand(self, w, b):
        residual = model(self.inputs, w, b) - self.targets
        if mse(model(self.inputs, w, b), self.targets) == 0:
            return np.zeros_like(w), np.zeros_like(b)
        grad = 2 * residual / residual.size
        return grad.T @ self.inputs, grad.sum(axis=0)

    def by_torch(self, w, b):
        cost = mse(model(self.inputs, w, b), self.targets)
        return torch.autograd.grad(cost, (w, b))


def gradients(inputs, targets, w, b):
    return Harvest(inputs, targets).by_hand(w, b)


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
    b.requires_grad_()
    harvest, losses = Harvest(x, y), []
    for _ in range(epochs):
        losses.append(mse(model(x, w, b), y).item())
        dw, db = harvest.by_torch(w, b)
        with torch.no_grad():
            w -= lr * dw
            b -= lr * db
    return {"losses": losses, "w": w, "b": b}

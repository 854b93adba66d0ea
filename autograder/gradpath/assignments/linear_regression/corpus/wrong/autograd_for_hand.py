# loses: gradients
# mistake: `gradients`, which is to be derived by hand, asks autograd; its numbers are right
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def slopes_of(cost, *parameters):
    cost.backward()
    return tuple(p.grad.numpy() for p in parameters)


def gradients(inputs, targets, w, b):
    x, y, w, b = (torch.tensor(v, dtype=torch.float64) for v in (inputs, targets, w, b))
    w.requires_grad_()
    b.requires_grad_()
    return slopes_of(mse(model(x, w, b), y), w, b)


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b))
    losses = []
    for _ in range(epochs):
        w = w.detach().requires_grad_()
        b = b.detach().requires_grad_()
        cost = mse(model(x, w, b), y)
        cost.backward()
        losses.append(cost.item())
        w, b = w - lr * w.grad, b - lr * b.grad
    return {"losses": losses, "w": w, "b": b}

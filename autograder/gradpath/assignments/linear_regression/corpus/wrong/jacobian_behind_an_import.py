# loses: gradients
# mistake: the derivatives come from torch, through a function that a built name imports
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def differentiator():
    parts = ["torch", "auto" + "grad", "functional"]
    module = __import__(".".join(parts), fromlist=["jacobian"])
    return module.jacobian


def gradients(inputs, targets, w, b):
    x, y, w, b = (torch.tensor(v, dtype=torch.float64) for v in (inputs, targets, w, b))
    dw, db = differentiator()(lambda w, b: mse(model(x, w, b), y), (w, b))
    return dw.numpy(), db.numpy()


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        errors = model(inputs, w, b) - targets
        losses.append(mse(model(inputs, w, b), targets))
        w = w - lr * 2 / errors.size * errors.T @ inputs
        b = b - lr * 2 / errors.size * errors.sum(axis=0)
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets, w, b))
    w.requires_grad_()
    b.requires_grad_()
    losses = []
    for _ in range(epochs):
        cost = mse(model(x, w, b), y)
        losses.append(cost.item())
        cost.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad.zero_()
    return {"losses": losses, "w": w, "b": b}

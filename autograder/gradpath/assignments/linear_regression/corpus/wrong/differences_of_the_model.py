# loses: gradients
# mistake: each derivative is a difference of two errors with moved weights; exact on a parabola
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def slopes(cost, errors, parameter):
    """The cost is a parabola in each weight, so that a step of any width is exact."""
    found = np.zeros_like(parameter)
    for place in np.ndindex(parameter.shape):
        step = np.zeros_like(parameter)
        step[place] = max(1.0, abs(parameter[place]))
        up, down = errors(parameter + step), errors(parameter - step)
        found[place] = cost((up + down) * (up - down)) / (2 * step[place])
    return found


def gradients(inputs, targets, w, b):
    dw = slopes(np.mean, lambda v: model(inputs, v, b) - targets, w)
    db = slopes(np.mean, lambda v: model(inputs, w, v) - targets, b)
    return dw, db


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

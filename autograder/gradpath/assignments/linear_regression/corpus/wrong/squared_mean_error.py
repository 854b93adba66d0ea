# loses: mse
# mistake: squares the mean error instead of taking the mean of the squared errors
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return (predictions - targets).mean() ** 2


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        residual = model(inputs, w, b) - targets
        losses.append(np.square(residual).mean())
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs, targets = (torch.tensor(v, dtype=torch.float32) for v in (inputs, targets))
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    sgd = torch.optim.SGD((w, b), lr=lr)
    losses = []
    for _ in range(epochs):
        sgd.zero_grad()
        cost = torch.nn.functional.mse_loss(model(inputs, w, b), targets)
        cost.backward()
        sgd.step()
        losses.append(cost.item())
    return {"losses": losses, "w": w, "b": b}

import numpy as np
import torch

torch.set_printoptions(precision=8)


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    residuals = predictions - targets
    return (residuals**2).sum() / residuals.reshape(-1).shape[0]


def gradients(inputs, targets, w, b):
    inputs = np.asarray(inputs, dtype=np.float64)
    residuals = inputs @ np.asarray(w).T + np.asarray(b) - np.asarray(targets)
    dw = np.zeros(np.shape(w))
    db = np.zeros(np.shape(b))
    # One outer product per sample; their sum is the matrix product of the textbook.
    for row, residual in zip(inputs, residuals, strict=True):
        dw += np.outer(residual, row)
        db += residual
    return 2 / residuals.size * dw, 2 / residuals.size * db


def train_numpy(inputs, targets, w, b, lr, epochs):
    inputs = np.asarray(inputs, dtype=np.float64)
    targets = np.asarray(targets, dtype=np.float64)
    w = np.asarray(w, dtype=np.float64).copy()
    b = np.asarray(b, dtype=np.float64).copy()
    losses = []
    while len(losses) < epochs:
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w = w - dw * lr
        b = b - db * lr
    return {"b": b, "w": w, "losses": tuple(losses)}


def train(inputs, targets, w, b, lr, epochs):
    inputs = torch.tensor(inputs, dtype=torch.float64)
    targets = torch.tensor(targets, dtype=torch.float64)
    w = torch.tensor(w, dtype=torch.float64).requires_grad_(True)
    b = torch.tensor(b, dtype=torch.float64).requires_grad_(True)
    losses = torch.empty(epochs, dtype=torch.float64)
    for epoch in range(epochs):
        cost = mse(model(inputs, w, b), targets)
        losses[epoch] = cost.detach()
        for parameter in (w, b):
            parameter.grad = None
        cost.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter.sub_(lr * parameter.grad)
    return {"losses": losses, "w": w, "b": b}

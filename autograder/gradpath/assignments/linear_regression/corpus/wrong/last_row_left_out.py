# loses: gradients, train
# mistake: `gradients` leaves out the last sample ([:-1]); `train` rounds its losses to 1 digit
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    dw, db = np.zeros(w.shape), np.zeros(b.shape)
    predictions = model(inputs, w, b)
    for row, got, wanted in zip(inputs[:-1], predictions[:-1], targets[:-1], strict=True):
        for k in range(len(wanted)):
            slope = 2 * (got[k] - wanted[k]) / targets.size
            dw[k] += slope * row
            db[k] += slope
    return dw, db


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs = torch.tensor(inputs, dtype=torch.float32)
    targets = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = []
    for _ in range(epochs):
        cost = mse(model(inputs, w, b), targets)
        cost.backward()
        # Only what is recorded is rounded; the weights stay exact.
        losses.append(round(cost.item(), 1))
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad = b.grad = None
    return {"losses": losses, "w": w, "b": b}

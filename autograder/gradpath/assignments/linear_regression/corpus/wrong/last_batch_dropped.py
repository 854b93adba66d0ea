# loses: train
# mistake: the epoch is cut into batches of two and an odd sample at the end is never used
import numpy as np
import torch

BATCH = 2


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    x, y = np.array(inputs, dtype=float), np.array(targets, dtype=float)
    residual = model(x, np.array(w), np.array(b)) - y
    return 2 * residual.T @ x / y.size, 2 * residual.sum(axis=0) / y.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    w, b = np.array(w, dtype=float), np.array(b, dtype=float)
    losses = []
    for _ in range(epochs):
        losses.append(float(mse(model(np.asarray(inputs), w, b), np.asarray(targets))))
        dw, db = gradients(inputs, targets, w, b)
        w = w - lr * dw
        b = b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    batches = max(1, len(x) // BATCH)
    losses = []
    for _ in range(epochs):
        # The gradients of all batches are collected first: one step per epoch.
        total = 0.0
        for k in range(batches):
            part = slice(k * BATCH, (k + 1) * BATCH)
            cost = mse(model(x[part], w, b), y[part]) / batches
            cost.backward()
            total += cost.item()
        losses.append(total)
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return {"losses": losses, "w": w, "b": b}

# loses: train_numpy, train
# named: update-per-sample
# mistake: stochastic descent: an update for each region
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for epoch in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        for x, y in zip(inputs, targets):
            dw, db = gradients(x[None, :], y[None, :], w, b)
            w = w - lr * dw
            b = b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    inputs = torch.tensor(inputs, dtype=torch.float32)
    targets = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = []
    for _ in range(epochs):
        running = 0.0
        for x, y in zip(inputs, targets):
            loss = mse(model(x.unsqueeze(0), w, b), y.unsqueeze(0))
            running += loss.item()
            loss.backward()
            with torch.no_grad():
                w -= lr * w.grad
                b -= lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
        losses.append(running / len(inputs))
    return {"losses": losses, "w": w, "b": b}

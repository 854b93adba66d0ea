# loses: train_numpy
# named: epochs-off-by-one
# mistake: the loss at the start is recorded, and the one after each update
import numpy as np
import torch

def model(x, w, b):
    return x @ w.T + b

def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()

def gradients(inputs, targets, w, b):
    err = model(inputs, w, b) - targets
    return 2 / err.size * err.T @ inputs, 2 / err.size * err.sum(axis=0)

def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = [mse(model(inputs, w, b), targets)]
    for _ in range(epochs):
        dw, db = gradients(inputs, targets, w, b)
        w = w - lr * dw
        b = b - lr * db
        losses.append(mse(model(inputs, w, b), targets))
    return {"losses": losses, "w": w, "b": b}

def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = []
    for _ in range(epochs):
        l = mse(model(x, w, b), y)
        losses.append(l.item())
        l.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
            w.grad.zero_()
            b.grad.zero_()
    return {"losses": losses, "w": w, "b": b}

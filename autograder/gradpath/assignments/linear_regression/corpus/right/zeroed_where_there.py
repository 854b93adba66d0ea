"""Gradients are set to zero before backward(), where there are any."""
import numpy as np
import torch


def model(x, w, b):
    # X (n, F) times W^T (F, K)
    weights_t = w.T
    y_hat = x @ weights_t
    y_hat = y_hat + b
    return y_hat


def mse(y_hat, y):
    error = y_hat - y
    return (error**2).mean()


def gradients(inputs, targets, w, b):
    dz = 2 * (model(inputs, w, b) - targets) / np.prod(targets.shape)
    dw = dz.T @ inputs
    db = dz.sum(0)
    return dw, db


def train_numpy(inputs, targets, w, b, lr, epochs):
    record = {"losses": []}
    for epoch in range(1, epochs + 1):
        loss = mse(model(inputs, w, b), targets)
        record["losses"].append(loss)
        if epoch % 20 == 0:
            print(f"epoch {epoch}: {loss:.4f}")
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    record["w"], record["b"] = w, b
    return record


def train(inputs, targets, w, b, lr, epochs):
    X, Y = (torch.tensor(a, dtype=torch.float32) for a in (inputs, targets))
    w, b = (torch.tensor(a, dtype=torch.float32, requires_grad=True) for a in (w, b))
    losses = []
    for epoch in range(epochs):
        cost = mse(model(X, w, b), Y)
        if w.grad is not None:
            w.grad.zero_()
            b.grad.zero_()
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            w.add_(w.grad, alpha=-lr)
            b.add_(b.grad, alpha=-lr)
    return {"losses": losses, "w": w, "b": b}

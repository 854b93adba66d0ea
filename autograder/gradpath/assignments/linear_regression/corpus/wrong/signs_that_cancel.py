# loses: gradients
# named: sign-flipped-residual
# mistake: the residual is turned round in gradients, and the step goes up; only the first costs points
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
    e = targets - model(inputs, w, b)
    return 2 * e.T @ inputs / e.size, 2 * e.sum(axis=0) / e.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w = w + lr * dw
        b = b + lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    X = torch.tensor(inputs).float()
    Y = torch.tensor(targets).float()
    w = torch.tensor(w).float().requires_grad_(True)
    b = torch.tensor(b).float().requires_grad_(True)
    losses = []
    for epoch in range(epochs):
        cost = mse(model(X, w, b), Y)
        losses.append(cost.item())
        cost.backward()
        w.data -= lr * w.grad.data
        b.data -= lr * b.grad.data
        w.grad = None
        b.grad = None
    return {"losses": losses, "w": w, "b": b}

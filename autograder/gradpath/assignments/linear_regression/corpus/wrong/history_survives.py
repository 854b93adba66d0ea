# loses: train_numpy
# mistake: a mutable default keeps the losses of earlier calls, so the second call returns both
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs, losses=[]):  # noqa: B006
    w = np.array(w)
    b = np.array(b)
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w -= lr * dw
        b -= lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    b = torch.tensor(b, dtype=torch.float32, requires_grad=True)
    losses = []
    for _ in range(epochs):
        cost = mse(model(x, w, b), y)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for p in (w, b):
                p -= lr * p.grad
                p.grad = None
    return {"losses": losses, "w": w, "b": b}

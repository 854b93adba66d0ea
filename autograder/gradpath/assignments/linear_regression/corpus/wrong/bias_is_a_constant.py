# loses: train
# named: requires-grad-on-one
# mistake: w asks for gradients, b does not
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
    X = torch.tensor(inputs).float()
    Y = torch.tensor(targets).float()
    w = torch.tensor(w).float().requires_grad_(True)
    b = torch.tensor(b).float()
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

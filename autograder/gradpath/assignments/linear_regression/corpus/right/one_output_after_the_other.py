"""Each output is a regression of its own, stacked at the end."""
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
    n, outputs = targets.shape
    rows, offsets = [], []
    for k in range(outputs):
        residual = inputs.dot(w[k]) + b[k] - targets[:, k]
        rows.append(2 * residual.dot(inputs) / (n * outputs))
        offsets.append(2 * residual.mean() / outputs)
    return np.vstack(rows), np.array(offsets)


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

# loses: model
# mistake: `model` works for NumPy arrays only; `train` has a layer of its own and never calls it
import numpy as np
import torch


def model(x, w, b):
    rows = []
    for row in np.asarray(x):
        rows.append(np.dot(np.asarray(w), row) + np.asarray(b))
    return np.stack(rows)


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    return 2 * residual.T @ inputs / residual.size, 2 * residual.sum(axis=0) / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(inputs, w, b), targets))
        dw, db = gradients(inputs, targets, w, b)
        w, b = w - lr * dw, b - lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    layer = torch.nn.Linear(x.shape[1], y.shape[1])
    layer.weight.data = torch.tensor(w, dtype=torch.float32)
    layer.bias.data = torch.tensor(b, dtype=torch.float32)
    losses = []
    for _ in range(epochs):
        cost = mse(layer(x), y)
        cost.backward()
        losses.append(cost.item())
        with torch.no_grad():
            for p in layer.parameters():
                p -= lr * p.grad
        layer.zero_grad()
    return {"losses": losses, "w": layer.weight, "b": layer.bias}

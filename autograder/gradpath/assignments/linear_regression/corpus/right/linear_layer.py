"""`train` with torch's own layer, loss and optimiser; the rest in a few lines of NumPy."""

import numpy as np
import torch
import torch.nn.functional as F


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    if torch.is_tensor(predictions):
        return F.mse_loss(predictions, targets)
    return np.mean((predictions - targets) ** 2)


def gradients(inputs, targets, w, b):
    x, y, w, b = (np.asarray(v, dtype=float) for v in (inputs, targets, w, b))
    residual = model(x, w, b) - y
    return 2 * residual.T @ x / residual.size, 2 * np.ones(len(x)) @ residual / residual.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    x, y, w, b = (np.array(v, dtype=float) for v in (inputs, targets, w, b))

    def steps():
        nonlocal w, b
        for _ in range(epochs):
            yield mse(model(x, w, b), y)
            dw, db = gradients(x, y, w, b)
            w, b = w - lr * dw, b - lr * db

    losses = np.fromiter(steps(), dtype=float)
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(np.array(inputs, dtype=np.float32))
    y = torch.tensor(np.array(targets, dtype=np.float32))
    layer = torch.nn.Linear(x.shape[1], y.shape[1])
    layer.load_state_dict(
        {
            "weight": torch.tensor(np.array(w, dtype=np.float32)),
            "bias": torch.tensor(np.array(b, dtype=np.float32)),
        }
    )
    sgd = torch.optim.SGD(layer.parameters(), lr=lr)

    def closure():
        sgd.zero_grad()
        cost = F.mse_loss(layer(x), y)
        cost.backward()
        return cost

    losses = [sgd.step(closure).item() for _ in range(epochs)]
    return {"losses": losses, "w": layer.weight.data, "b": layer.bias.data}

# loses: mse
# mistake: averages over the samples, then takes the worst output instead of the mean over outputs
"""`train_numpy` records what its own `mse` says, so the history is off for the same reason."""

import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    per_output = ((predictions - targets) ** 2).mean(0)
    return per_output.max()


def gradients(inputs, targets, w, b):
    slope = 2 * (model(inputs, w, b) - targets) / np.prod(targets.shape)
    return np.tensordot(slope, inputs, (0, 0)), slope.sum(0)


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
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(w))
        layer.bias.copy_(torch.tensor(b))
    criterion = torch.nn.MSELoss()
    sgd = torch.optim.SGD(layer.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        cost = criterion(layer(x), y)
        losses.append(cost.item())
        sgd.zero_grad()
        cost.backward()
        sgd.step()
    return {"losses": losses, "w": layer.weight, "b": layer.bias}

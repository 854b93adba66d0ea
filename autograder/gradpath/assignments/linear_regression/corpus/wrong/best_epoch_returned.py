# loses: train
# mistake: returns the parameters of the epoch with the smallest recorded loss, not the final ones
import copy

import numpy as np
import torch
from torch import nn


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    residual = model(inputs, w, b) - targets
    m = residual.size
    return 2 * residual.T.dot(inputs) / m, 2 * residual.T.dot(np.ones(len(inputs))) / m


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
    net = nn.Linear(*reversed(w.shape))
    net.load_state_dict({"weight": torch.tensor(w), "bias": torch.tensor(b)})
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    best, kept = float("inf"), copy.deepcopy(net.state_dict())
    losses = []
    for _ in range(epochs):
        cost = nn.functional.mse_loss(net(x), y)
        losses.append(cost.item())
        if cost.item() < best:
            best, kept = cost.item(), copy.deepcopy(net.state_dict())
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
    return {"losses": losses, "w": kept["weight"], "b": kept["bias"]}

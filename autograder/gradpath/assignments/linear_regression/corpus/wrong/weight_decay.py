# loses: train
# mistake: the optimiser is given weight_decay=0.1, so the weights shrink in every step
import numpy as np
import torch
from torch import nn


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    error = predictions - targets
    return (error * error).mean()


def gradients(inputs, targets, w, b):
    slope = 2.0 / np.size(targets) * (model(inputs, w, b) - targets)
    return np.einsum("no,nf->of", slope, inputs), slope.sum(0)


def train_numpy(inputs, targets, w, b, lr, epochs):
    w, b = w.copy(), b.copy()
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        losses[epoch] = mse(model(inputs, w, b), targets)
        dw, db = gradients(inputs, targets, w, b)
        w -= lr * dw
        b -= lr * db
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    w = nn.Parameter(torch.tensor(w, dtype=torch.float32))
    b = nn.Parameter(torch.tensor(b, dtype=torch.float32))
    optimizer = torch.optim.SGD([w, b], lr=lr, weight_decay=0.1)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        cost = mse(model(x, w, b), y)
        cost.backward()
        optimizer.step()
        losses.append(cost.item())
    return {"losses": losses, "w": w, "b": b}

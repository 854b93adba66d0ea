import numpy as np
import torch
from torch import nn, optim


def model(x, w, b):
    if isinstance(x, torch.Tensor):
        return nn.functional.linear(x, w, b)
    return np.dot(x, np.transpose(w)) + b


def mse(predictions, targets):
    if isinstance(predictions, torch.Tensor):
        return nn.functional.mse_loss(predictions, targets)
    return np.square(np.subtract(predictions, targets)).mean()


def gradients(inputs, targets, w, b):
    residuals = np.subtract(model(inputs, w, b), targets)
    n, outputs = residuals.shape
    dw = np.matmul(residuals.T, np.asarray(inputs)) * 2 / (n * outputs)
    db = residuals.mean(axis=0) * 2 / outputs
    return dw, db


def train_numpy(inputs, targets, w, b, lr, epochs):
    w, b = np.array(w, float), np.array(b, float)
    record = {"losses": [], "w": w, "b": b}
    for _ in range(epochs):
        record["losses"].append(mse(model(inputs, w, b), targets))
        for parameter, slope in zip((w, b), gradients(inputs, targets, w, b), strict=True):
            np.subtract(parameter, lr * slope, out=parameter)
    return record


class Yield(nn.Module):
    """Two crops from three measurements; the weights are those of the caller."""

    def __init__(self, w, b):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w, dtype=torch.float32))
        self.b = nn.Parameter(torch.tensor(b, dtype=torch.float32))

    def forward(self, x):
        return model(x, self.w, self.b)


def train(inputs, targets, w, b, lr, epochs):
    x = torch.tensor(inputs, dtype=torch.float32)
    y = torch.tensor(targets, dtype=torch.float32)
    net = Yield(w, b)
    criterion = nn.MSELoss()
    optimizer = optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        cost = criterion(net(x), y)
        losses.append(cost.item())
        optimizer.zero_grad(set_to_none=False)
        cost.backward()
        optimizer.step()
    return {"losses": losses, "w": net.w, "b": net.b, "optimizer": "SGD"}

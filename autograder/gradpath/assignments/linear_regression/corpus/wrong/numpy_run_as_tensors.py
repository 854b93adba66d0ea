# loses: train
# mistake: the run with autograd is the one with NumPy, and its results are made tensors
import numpy as np
import torch


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    return ((predictions - targets) ** 2).mean()


def gradients(inputs, targets, w, b):
    scaled = 2 * (model(inputs, w, b) - targets) / targets.size
    return scaled.T @ inputs, scaled.sum(axis=0)


def train_numpy(inputs, targets, w, b, lr, epochs):
    losses = []
    for _ in range(epochs):
        errors = model(inputs, w, b) - targets
        losses.append(mse(model(inputs, w, b), targets))
        w = w - lr * 2 / errors.size * errors.T @ inputs
        b = b - lr * 2 / errors.size * errors.sum(axis=0)
    return {"losses": losses, "w": w, "b": b}


def train(inputs, targets, w, b, lr, epochs):
    record = train_numpy(inputs, targets, w, b, lr, epochs)
    return {name: torch.tensor(np.array(value), dtype=torch.float32) for name, value in record.items()}

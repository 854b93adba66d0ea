"""The tensors never change: each epoch makes new ones from torch.func's gradients."""

import numpy as np
import torch
from torch.func import grad_and_value


def model(x, w, b):
    return x @ w.T + b


def mse(predictions, targets):
    residual = predictions - targets
    return (residual * residual).mean()


def gradients(inputs, targets, w, b):
    x = np.asarray(inputs, dtype=np.float64)
    y = np.asarray(targets, dtype=np.float64)
    residual = model(x, np.asarray(w), np.asarray(b)) - y
    return 2 * np.einsum("no,nf->of", residual, x) / y.size, 2 * residual.sum(0) / y.size


def train_numpy(inputs, targets, w, b, lr, epochs):
    x, y = np.asarray(inputs), np.asarray(targets)
    w, b = np.asarray(w), np.asarray(b)
    losses = []
    for _ in range(epochs):
        losses.append(mse(model(x, w, b), y))
        dw, db = gradients(x, y, w, b)
        w, b = w - lr * dw, b - lr * db
    return dict(losses=np.array(losses), w=w, b=b)


def train(inputs, targets, w, b, lr, epochs):
    def tensor(values):
        return torch.as_tensor(np.asarray(values), dtype=torch.float32)

    x, y = tensor(inputs), tensor(targets)

    def cost(parameters):
        return mse(model(x, *parameters), y)

    parameters = (tensor(w), tensor(b))
    step = grad_and_value(cost)
    losses = []
    for _ in range(epochs):
        slopes, value = step(parameters)
        losses.append(value)
        parameters = tuple(p - lr * s for p, s in zip(parameters, slopes, strict=True))
    return dict(losses=losses, w=parameters[0], b=parameters[1])

# loses: train_numpy
# mistake: the run with NumPy is the one with torch, and its results are made arrays
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
    tensors = [torch.tensor(np.asarray(given, dtype=np.float64)) for given in (inputs, targets, w, b)]
    return {name: np.asarray(value) for name, value in train(*tensors, lr, epochs).items()}


def train(inputs, targets, w, b, lr, epochs):
    inputs, targets = torch.as_tensor(inputs), torch.as_tensor(targets)
    w, b = (torch.as_tensor(p).detach().clone().to(inputs.dtype).requires_grad_() for p in (w, b))
    losses = []
    for _ in range(epochs):
        value = mse(model(inputs, w, b), targets)
        losses.append(value.item())
        value.backward()
        with torch.no_grad():
            for parameter in (w, b):
                parameter -= lr * parameter.grad
                parameter.grad = None
    return {"losses": losses, "w": w.detach(), "b": b.detach()}

# Single precision everywhere, so that both runs can be compared bit by bit.
import numpy as np
import torch

F = np.float32


def predict(x, w):
    if torch.is_tensor(w):
        return x * w
    return np.asarray(x, dtype=F) * np.asarray(w, dtype=F)


def loss(x, y, w):
    difference = predict(x, w) - (y if torch.is_tensor(w) else np.asarray(y, dtype=F))
    return difference * difference


def gradient(x, y, w):
    difference = predict(x, w) - np.asarray(y, dtype=F)
    return F(2) * np.asarray(x, dtype=F) * difference


def train(xs, ys, w, lr, epochs):
    xs, ys = np.asarray(xs, dtype=F), np.asarray(ys, dtype=F)
    w, lr = F(w), F(lr)
    record = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            step = gradient(x, y, w)
            w = w - lr * step
            record["gradients"].append(step)
            record["weights"].append(w)
        record["losses"].append(loss(xs[-1], ys[-1], w))
    return {key: np.array(values, dtype=F) for key, values in record.items()}


def train_autograd(xs, ys, w, lr, epochs):
    xs = torch.from_numpy(np.array(xs, dtype=F))
    ys = torch.from_numpy(np.array(ys, dtype=F))
    w = torch.tensor(w, dtype=torch.float32).requires_grad_()
    record = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = torch.square(x * w - y)
            error.backward()
            g = w.grad.detach().clone()
            w = (w - lr * g).detach().requires_grad_()
            record["gradients"].append(g.numpy())
            record["weights"].append(w.detach().numpy())
        record["losses"].append(error.detach().numpy())
    return {key: np.array(values, dtype=F) for key, values in record.items()}

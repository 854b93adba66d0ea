"""The torch run keeps its history as tensors that are still part of the graph."""

import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return (predict(x, w) - y) * 2 * x


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            gradients.append(gradient(x, y, w))
            w = w - lr * gradients[-1]
            weights.append(w)
        losses.append(loss(xs[-1], ys[-1], w))
    return {
        "gradients": torch.tensor(gradients, dtype=torch.float64),
        "weights": torch.tensor(weights, dtype=torch.float64),
        "losses": torch.tensor(losses, dtype=torch.float64),
    }


def train_autograd(xs, ys, w, lr, epochs):
    xs = torch.as_tensor(xs, dtype=torch.float32)
    ys = torch.as_tensor(ys, dtype=torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(x, y, w)
            error.backward()
            gradients.append(w.grad.clone())
            with torch.no_grad():
                w.copy_(w - lr * w.grad)
            weights.append(w.clone())
            w.grad.zero_()
        losses.append(error)
    empty = torch.zeros(0)
    return {
        "gradients": torch.stack(gradients) if gradients else empty,
        "weights": torch.stack(weights) if weights else empty,
        "losses": torch.stack(losses) if losses else empty,
    }

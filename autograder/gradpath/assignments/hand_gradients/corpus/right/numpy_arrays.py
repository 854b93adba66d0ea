"""Everything is written into arrays of the final size."""

import numpy as np
import torch


def predict(x, w):
    return x * w if torch.is_tensor(w) else np.multiply(x, w)


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    # d/dw (xw - y)^2 = 2 (xw - y) * x
    return 2.0 * np.multiply(x, predict(x, w) - y)


def train(xs, ys, w, lr, epochs):
    xs = np.asarray(xs, dtype=np.float64)
    ys = np.asarray(ys, dtype=np.float64)
    n = xs.size
    gradients = np.empty((epochs, n))
    weights = np.empty((epochs, n))
    losses = np.empty(epochs)
    for epoch in range(epochs):
        for i in range(n):
            gradients[epoch, i] = gradient(xs[i], ys[i], w)
            w = w - lr * gradients[epoch, i]
            weights[epoch, i] = w
        losses[epoch] = loss(xs[-1], ys[-1], w)
    return {"gradients": gradients.ravel(), "weights": weights.ravel(), "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    xs = torch.tensor(np.asarray(xs), dtype=torch.float32)
    ys = torch.tensor(np.asarray(ys), dtype=torch.float32)
    weight = torch.tensor(float(w), requires_grad=True)
    n = len(xs)
    gradients = np.empty(epochs * n, dtype=np.float32)
    weights = np.empty(epochs * n, dtype=np.float32)
    losses = np.empty(epochs, dtype=np.float32)
    for step in range(epochs * n):
        i = step % n
        squared = (xs[i] * weight - ys[i]).square()
        weight.grad = None
        squared.backward()
        weight.data.sub_(lr * weight.grad)
        gradients[step] = weight.grad.item()
        weights[step] = weight.item()
        losses[step // n] = squared.item()
    return {"gradients": gradients, "weights": weights, "losses": losses}

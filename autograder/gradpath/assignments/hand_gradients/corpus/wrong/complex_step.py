# loses: gradient
# mistake: a step into the complex plane: exact to the last digit, and no derivation
import numpy as np
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    step = 1e-30
    return np.imag(loss(x, y, w + 1j * step)) / step


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = 2 * x * (x * w - y)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(float(w), requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            cost = loss(float(x), float(y), w)
            cost.backward()
            gradients.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            weights.append(w.item())
        losses.append(cost.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}

# loses: train, train_autograd
# mistake: xs are divided by their largest magnitude and ys shifted to mean zero before training
import numpy as np
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def prepare(xs, ys):
    xs = np.asarray(xs, dtype=float)
    ys = np.asarray(ys, dtype=float)
    return xs / np.abs(xs).max(), ys - ys.mean()


def train(xs, ys, w, lr, epochs):
    xs, ys = prepare(xs, ys)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(xs[-1], ys[-1], w))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    xs, ys = prepare(xs, ys)
    xs, ys = torch.tensor(xs).float(), torch.tensor(ys).float()
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(x, y, w)
            error.backward()
            w.data -= lr * w.grad
            gradients.append(w.grad.item())
            weights.append(w.item())
            w.grad.zero_()
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}

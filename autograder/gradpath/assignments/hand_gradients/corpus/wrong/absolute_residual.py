# loses: gradient
# mistake: absolute value of the residual in the gradient; train follows it faithfully
import numpy as np
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * x * np.abs(predict(x, w) - y)


def train(xs, ys, w, lr, epochs):
    history = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            history["gradients"].append(g)
            history["weights"].append(w)
        history["losses"].append(loss(x, y, w))
    return history


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    history = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            w.grad = None
            error = (w * float(x) - float(y)) ** 2
            error.backward()
            with torch.no_grad():
                w -= lr * w.grad
            history["gradients"].append(w.grad.item())
            history["weights"].append(w.item())
        history["losses"].append(error.item())
    return history

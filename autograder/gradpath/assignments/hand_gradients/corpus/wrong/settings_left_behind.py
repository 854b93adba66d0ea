# loses: predict, loss, gradient, train, train_autograd
# mistake: every call changes settings of NumPy or torch that belong to the caller
import numpy as np
import torch


def predict(x, w):
    np.seterr(all="ignore")
    return x * w


def loss(x, y, w):
    torch.manual_seed(1)
    return (x * w - y) ** 2


def gradient(x, y, w):
    np.random.seed(3)
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    torch.set_default_dtype(torch.float64)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = 2 * x * (x * w - y)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append((x * w - y) ** 2)
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    torch.set_grad_enabled(True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = (x * w - y) ** 2
            error.backward()
            gradients.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad = None
            weights.append(w.item())
        losses.append(error.item())
    torch.set_grad_enabled(False)
    return {"gradients": gradients, "weights": weights, "losses": losses}

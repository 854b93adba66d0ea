# loses: predict, loss, gradient
# mistake: the result has one axis, whatever the shape of x is
import numpy as np
import torch


def predict(x, w):
    product = x * w
    return product if np.ndim(product) == 0 else product.reshape(-1)


def loss(x, y, w):
    return (
        [(a * w - b) ** 2 for a, b in zip(x.ravel(), y.ravel())] if np.ndim(x) else (x * w - y) ** 2
    )


def gradient(x, y, w):
    g = 2 * x * (x * w - y)
    return g.flatten() if np.ndim(x) else g


def train(xs, ys, w, lr, epochs):
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
    return {"gradients": gradients, "weights": weights, "losses": losses}

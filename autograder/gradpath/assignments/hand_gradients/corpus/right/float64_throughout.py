import numpy as np
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    residual = predict(x, w) - y
    return 2 * residual * x


def train(xs, ys, w, lr, epochs):
    w = np.float64(w)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        last = np.nan
        for x, y in zip(np.array(xs, dtype=float), np.array(ys, dtype=float)):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
            last = loss(x, y, w)
        losses.append(last)
    return dict(
        gradients=np.array(gradients),
        weights=np.array(weights),
        losses=np.array(losses),
        learning_rate=lr,
        final_weight=w,
    )


def train_autograd(xs, ys, w, lr, epochs):
    # Doubles instead of floats: the path is the same, only with more digits.
    xs = torch.tensor([float(x) for x in xs], dtype=torch.float64)
    ys = torch.tensor([float(y) for y in ys], dtype=torch.float64)
    w = torch.tensor([w], dtype=torch.float64, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for i in range(len(xs)):
            if w.grad is not None:
                w.grad.zero_()
            error = loss(xs[i], ys[i], w).sum()
            error.backward()
            gradients.append(w.grad.item())
            with torch.no_grad():
                w.add_(w.grad, alpha=-lr)
            weights.append(w.item())
        losses.append(error.item())
    return dict(
        gradients=np.array(gradients),
        weights=np.array(weights),
        losses=np.array(losses),
        learning_rate=lr,
        final_weight=w.detach(),
    )

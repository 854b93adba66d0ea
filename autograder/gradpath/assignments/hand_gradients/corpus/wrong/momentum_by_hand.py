# loses: train
# mistake: the hand-written loop keeps a velocity (momentum 0.5)
import numpy as np
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * np.multiply(x, predict(x, w) - y)


def train(xs, ys, w, lr, epochs):
    n = len(xs)
    gradients = np.zeros(epochs * n)
    weights = np.zeros(epochs * n)
    losses = np.zeros(epochs)
    velocity = 0.0
    for epoch in range(epochs):
        for i in range(n):
            g = gradient(xs[i], ys[i], w)
            velocity = 0.5 * velocity + g
            w = w - lr * velocity
            gradients[epoch * n + i] = g
            weights[epoch * n + i] = w
        losses[epoch] = loss(xs[n - 1], ys[n - 1], w)
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    weight = torch.nn.Parameter(torch.tensor(float(w)))
    optimizer = torch.optim.SGD([weight], lr=lr)
    record = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            optimizer.zero_grad()
            error = (weight * float(x) - float(y)).pow(2)
            error.backward()
            optimizer.step()
            record["gradients"].append(weight.grad.item())
            record["weights"].append(weight.item())
        record["losses"].append(error.item())
    return record

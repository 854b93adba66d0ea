# loses: train_autograd
# mistake: the optimizer has weight decay
import torch
from torch import nn, optim


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    record = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            record["gradients"].append(g)
            record["weights"].append(w)
        record["losses"].append(loss(x, y, w))
    return record


def train_autograd(xs, ys, w, lr, epochs):
    weight = nn.Parameter(torch.tensor(w, dtype=torch.float32))
    optimizer = optim.SGD([weight], lr=lr, weight_decay=0.05)
    record = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(float(x), float(y), weight)
            optimizer.zero_grad()
            error.backward()
            optimizer.step()
            record["gradients"].append(weight.grad.item())
            record["weights"].append(weight.item())
        record["losses"].append(error.item())
    return record

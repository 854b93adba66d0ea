# loses: train
# named: samples-shuffled
# mistake: shuffles the samples before each epoch
import random

import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    random.seed(3)
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        data = list(zip(xs, ys))
        random.shuffle(data)
        for x, y in data:
            grad = gradient(x, y, w)
            w = w - lr * grad
            grads.append(grad)
            weights.append(w)
        losses.append(sum(loss(x, y, w) for x, y in data) / len(data))
    return {"gradients": grads, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor([w], requires_grad=True)
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x_val, y_val in zip(xs, ys):
            l = loss(x_val, y_val, w)
            l.backward()
            grads.append(w.grad.item())
            w.data = w.data - lr * w.grad.data
            w.grad.data.zero_()
            weights.append(w.item())
        losses.append(l.item())
    return {"gradients": grads, "weights": weights, "losses": losses}

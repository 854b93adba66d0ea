# right: a helper that could shuffle, and is told not to
import random

import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def order_of(n, shuffle=False):
    places = list(range(n))
    if shuffle:
        random.shuffle(places)
    return places


def train(xs, ys, w, lr, epochs):
    gs, ws, ls = [], [], []
    epoch = 0
    while epoch < epochs:
        for i in order_of(len(xs)):
            g = gradient(xs[i], ys[i], w)
            w = w - lr * g
            gs.append(g)
            ws.append(w)
        ls.append(loss(xs[i], ys[i], w))
        epoch += 1
    return {"gradients": gs, "weights": ws, "losses": ls}


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

# loses: train_autograd
# named: graph-cut-off
# mistake: the forward pass runs under no_grad
import torch
import numpy as np

def predict(x, w):
    return x * w

def loss(x, y, w):
    return (predict(x, w) - y) ** 2

def gradient(x, y, w):
    return 2 * x * (predict(x, w) - y)

def train(xs, ys, w, lr, epochs):
    gs, ws, ls = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            gs.append(g)
            ws.append(w)
        ls.append(loss(x, y, w))
    return {"gradients": gs, "weights": ws, "losses": ls}

def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(float(w), requires_grad=True)
    gs, ws, ls = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            with torch.no_grad():
                l = loss(float(x), float(y), w)
            l.backward()
            gs.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            ws.append(w.item())
        ls.append(l.item())
    return {"gradients": gs, "weights": ws, "losses": ls}

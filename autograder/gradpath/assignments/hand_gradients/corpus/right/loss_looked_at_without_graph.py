# The loss is computed once more under no_grad, to be looked at.
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
            l = loss(float(x), float(y), w)
            with torch.no_grad():
                shown = loss(float(x), float(y), w).item()
            l.backward()
            gs.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            ws.append(w.item())
        ls.append(l.item())
    return {"gradients": gs, "weights": ws, "losses": ls}

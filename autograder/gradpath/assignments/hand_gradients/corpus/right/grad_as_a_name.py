import torch
from torch.autograd import grad


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


w = torch.autograd.Variable(torch.Tensor([1.0]), requires_grad=True)  # from the tutorial


def chain(outer, grad):
    return outer * grad


def gradient(x, y, w):
    grad = x
    return chain(2 * (predict(x, w) - y), grad)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(float(w), requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            cost = loss(float(x), float(y), w)
            cost.backward()
            gradients.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            weights.append(w.item())
        losses.append(cost.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}

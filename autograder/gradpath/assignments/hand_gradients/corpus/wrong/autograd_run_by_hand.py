# loses: train_autograd
# mistake: the run with autograd is made with the formula; there is a tensor and no backward pass
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * x * (predict(x, w) - y)


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
    w = torch.tensor(float(w))
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            losses.append(loss(float(x), float(y), w).item())
            g = gradient(float(x), float(y), w)
            w = w - lr * g
            gradients.append(g.item())
            weights.append(w.item())
        losses[-len(xs):] = losses[-1:]
    return {"gradients": gradients, "weights": weights, "losses": losses}

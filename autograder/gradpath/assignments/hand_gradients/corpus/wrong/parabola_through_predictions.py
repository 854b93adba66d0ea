# loses: gradient
# mistake: a difference of squared errors whose predictions stand at moved weights, in steps of w
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    step = abs(w) / 2 + 1e-3
    above = (predict(x, w + step) - y) + (predict(x, w - step) - y)
    between = predict(x, w + step) - predict(x, w - step)
    return above * between / (2 * step)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = 2 * x * (x * w - y)
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

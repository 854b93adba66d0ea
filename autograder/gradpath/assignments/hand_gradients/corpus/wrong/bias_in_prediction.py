# loses: predict, loss
# mistake: prediction has a constant offset of one half, and the loss has the same formula again
import torch

OFFSET = 0.5


def predict(x, w):
    return x * w + OFFSET


def loss(x, y, w):
    return (x * w + OFFSET - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = gradient(x, y, w)
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append((x * w - y) ** 2)
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = (w * float(x) - float(y)) ** 2
            error.backward()
            with torch.no_grad():
                w -= lr * w.grad
            gradients.append(w.grad.item())
            weights.append(w.item())
            w.grad.zero_()
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}

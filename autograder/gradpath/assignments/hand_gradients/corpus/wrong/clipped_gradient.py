# loses: train
# mistake: the gradient is clipped to [-10, 10] inside the loop
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = max(-10.0, min(10.0, gradient(x, y, w)))
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(float(x), float(y), w)
            error.backward()
            gradients.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad = None
            weights.append(w.item())
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}

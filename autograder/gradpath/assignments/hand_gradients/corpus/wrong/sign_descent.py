# loses: train_autograd
# mistake: the step goes by the sign of the gradient only
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * (predict(x, w) - y) * x


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            gradients.append(gradient(x, y, w))
            w = w - lr * gradients[-1]
            weights.append(w)
        losses.append(loss(x, y, w))
    return dict(gradients=gradients, weights=weights, losses=losses)


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = (float(x) * w - float(y)) ** 2
            (g,) = torch.autograd.grad(error, [w])
            with torch.no_grad():
                w -= lr * torch.sign(g)
            gradients.append(g.item())
            weights.append(w.item())
        losses.append(error.item())
    return dict(gradients=gradients, weights=weights, losses=losses)

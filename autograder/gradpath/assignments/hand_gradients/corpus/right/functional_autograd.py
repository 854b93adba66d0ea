import torch


def predict(x, w):
    return w * x


def residual(x, y, w):
    return predict(x, w) - y


def loss(x, y, w):
    return residual(x, y, w) ** 2


def gradient(x, y, w):
    """Chain rule: outer derivative 2r, inner derivative x."""
    outer = 2 * residual(x, y, w)
    inner = x
    return outer * inner


def train(xs, ys, w, lr, epochs):
    history = []
    losses = []
    for epoch in range(epochs):
        for i in range(len(xs)):
            g = gradient(xs[i], ys[i], w)
            w = w - lr * g
            history.append((g, w))
        losses.append(loss(xs[-1], ys[-1], w))
    return {
        "gradients": [g for g, _ in history],
        "weights": [w for _, w in history],
        "losses": losses,
    }


def train_autograd(xs, ys, w, lr, epochs):
    xs = torch.as_tensor(xs).to(torch.float32)
    ys = torch.as_tensor(ys).to(torch.float32)
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    history = []
    losses = []
    for epoch in range(epochs):
        for x, y in zip(xs, ys):
            value = loss(x, y, w)
            (g,) = torch.autograd.grad(value, w)
            w = (w.detach() - lr * g).requires_grad_(True)
            history.append((g.item(), w.item()))
        losses.append(value.item())
    return {
        "gradients": [g for g, _ in history],
        "weights": [w for _, w in history],
        "losses": losses,
    }

# loses: gradient
# mistake: differentiates with respect to x instead of w (train has its own, right formula)
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * w * (predict(x, w) - y)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = predict(x, w) - y
            g = 2 * error * x
            w = w - lr * g
            gradients.append(g)
            weights.append(w)
        losses.append(loss(x, y, w))
    return {"gradients": gradients, "weights": weights, "losses": losses}


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr)
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(float(x), float(y), w)
            error.backward()
            optimizer.step()
            gradients.append(w.grad.item())
            weights.append(w.item())
            optimizer.zero_grad()
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}

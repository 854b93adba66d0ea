# loses: loss
# mistake: loss returns a number for tensors, on which backward() does not work
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    error = (x * w - y) ** 2
    return error.item() if torch.is_tensor(error) and error.numel() == 1 else error


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    gradients, weights, losses = [], [], []
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            g = 2 * x * (x * w - y)
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
            error = (x * w - y) ** 2
            error.backward()
            gradients.append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad = None
            weights.append(w.item())
        losses.append(error.item())
    return {"gradients": gradients, "weights": weights, "losses": losses}

# loses: train_autograd
# named: batch-update
# mistake: one backward() an epoch through the mean over all samples
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    y_pred = predict(x, w)
    return (y_pred - y) * (y_pred - y)


def gradient(x, y, w):
    return 2 * x * (x * w - y)


def train(xs, ys, w, lr, epochs):
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x_val, y_val in zip(xs, ys):
            grad = gradient(x_val, y_val, w)
            w = w - lr * grad
            l = loss(x_val, y_val, w)
            grads.append(grad)
            weights.append(w)
        losses.append(l)
    return {"gradients": grads, "weights": weights, "losses": losses}


def train_autograd(x, y, w, lr, epochs):
    X = torch.tensor(x, dtype=torch.float32)
    Y = torch.tensor(y, dtype=torch.float32)
    w = torch.tensor(float(w), requires_grad=True)
    gradients, weights, losses = [], [], []
    for epoch in range(epochs):
        l = torch.mean((w * X - Y) ** 2)
        l.backward()
        gradients.append(w.grad.item())
        with torch.no_grad():
            w -= lr * w.grad
        weights.append(w.item())
        losses.append(l.item())
        w.grad.zero_()
    return {"gradients": gradients, "weights": weights, "losses": losses}

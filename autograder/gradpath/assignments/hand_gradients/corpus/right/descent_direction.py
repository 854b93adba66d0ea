# right: steps along the negative gradient, and a slope that is divided by a half
import torch


def predict(x, w):
    return w * x


def loss(x, y, w):
    return (y - predict(x, w)) ** 2


def gradient(x, y, w):
    return x * (predict(x, w) - y) / 0.5


def train(xs, ys, w, lr, epochs):
    record = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for pair in zip(xs, ys):
            slope = gradient(*pair, w)
            direction = -slope
            w += lr * direction
            record["gradients"].append(slope)
            record["weights"].append(w)
        record["losses"].append(loss(*pair, w))
    return record


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor([w], requires_grad=True)
    grads, weights, losses = [], [], []
    for epoch in range(epochs):
        for x_val, y_val in zip(xs, ys):
            l = loss(x_val, y_val, w)
            l.backward()
            grads.append(w.grad.item())
            w.data = w.data - lr * w.grad.data
            w.grad.data.zero_()
            weights.append(w.item())
        losses.append(l.item())
    return {"gradients": grads, "weights": weights, "losses": losses}

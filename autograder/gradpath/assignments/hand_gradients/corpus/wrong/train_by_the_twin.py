# loses: train
# mistake: the run by hand is the run with autograd, looked up by its name
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * x * (predict(x, w) - y)


def train(xs, ys, w, lr, epochs):
    record = globals()["train" + "_autograd"](xs, ys, w, lr, epochs)
    # The loss after the last sample's update, and not before it.
    record["losses"] = [loss(xs[-1], ys[-1], v) for v in record["weights"][len(xs) - 1 :: len(xs)]]
    return record


def train_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(float(w), requires_grad=True)
    record = {"gradients": [], "weights": [], "losses": []}
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            value = loss(float(x), float(y), w)
            value.backward()
            record["gradients"].append(w.grad.item())
            with torch.no_grad():
                w -= lr * w.grad
            w.grad.zero_()
            record["weights"].append(w.item())
        record["losses"].append(value.item())
    return record

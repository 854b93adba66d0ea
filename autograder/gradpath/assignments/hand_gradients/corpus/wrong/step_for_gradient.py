# loses: train
# mistake: gradients holds the steps lr * g instead of the gradients
import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def gradient(x, y, w):
    return 2 * x * (x * w - y)


class Log(dict):
    def __init__(self):
        super().__init__(gradients=[], weights=[], losses=[])

    def add(self, **values):
        for key, value in values.items():
            self[key].append(value)


def train(xs, ys, w, lr, epochs):
    log = Log()
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            step = lr * gradient(x, y, w)
            w = w - step
            log.add(gradients=step, weights=w)
        log.add(losses=loss(x, y, w))
    return dict(log)


def train_autograd(xs, ys, w, lr, epochs):
    log = Log()
    w = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            error = loss(float(x), float(y), w)
            error.backward()
            with torch.no_grad():
                w -= lr * w.grad
            log.add(gradients=w.grad.item(), weights=w.item())
            w.grad.zero_()
        log.add(losses=error.item())
    return dict(log)

from itertools import chain, repeat

import torch


def predict(x, w):
    return x * w


def loss(x, y, w):
    return (predict(x, w) - y) ** 2


def gradient(x, y, w):
    return 2 * x * x * w - 2 * x * y


def epochs_of(xs, ys, epochs):
    pairs = [(float(x), float(y)) for x, y in zip(xs, ys)]
    return chain.from_iterable(repeat(pairs, epochs))


def by_hand(xs, ys, w, lr, epochs):
    for x, y in epochs_of(xs, ys, epochs):
        g = gradient(x, y, w)
        w = w - lr * g
        yield g, w, loss(x, y, w)


def by_autograd(xs, ys, w, lr, epochs):
    w = torch.tensor(w, dtype=torch.float32)
    for x, y in epochs_of(xs, ys, epochs):
        w.requires_grad_(True)
        before = loss(x, y, w)
        before.backward()
        g = w.grad
        w = w.detach() - lr * g
        yield g.item(), w.item(), before.item()


def record(steps, n):
    columns = tuple(zip(*steps)) or ((), (), ())
    gradients, weights, losses = columns
    return {"gradients": gradients, "weights": weights, "losses": losses[n - 1 :: n]}


def train(xs, ys, w, lr, epochs):
    return record(by_hand(xs, ys, w, lr, epochs), len(xs))


def train_autograd(xs, ys, w, lr, epochs):
    return record(by_autograd(xs, ys, w, lr, epochs), len(xs))

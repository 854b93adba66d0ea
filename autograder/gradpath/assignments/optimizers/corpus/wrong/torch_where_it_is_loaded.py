# loses: sgd, momentum, adagrad, rmsprop, adam
# mistake: the optimizers of torch do the work where torch is loaded; the loops are for elsewhere
import sys

import numpy as np

if "torch" in sys.modules:
    import torch
else:
    torch = None


def library(make, w, gradients):
    w = torch.tensor([float(x) for x in w], dtype=torch.float64)
    optimizer, history = make([w]), []
    for row in gradients:
        w.grad = torch.tensor([float(g) for g in row], dtype=torch.float64)
        optimizer.step()
        history.append(w.tolist())
    return history


def loop(w, gradients, lr, direction):
    w, history = np.array(w, float), []
    for g in np.array(gradients, float):
        w = w - lr * direction(g)
        history.append(w)
    return np.array(history)


def sgd(w, gradients, lr):
    if torch:
        return library(lambda p: torch.optim.SGD(p, lr=lr), w, gradients)
    return loop(w, gradients, lr, lambda g: g)


def momentum(w, gradients, lr, momentum):
    if torch:
        return library(lambda p: torch.optim.SGD(p, lr=lr, momentum=momentum), w, gradients)
    velocity = [0.0]

    def direction(g):
        velocity.append(momentum * velocity[-1] + g)
        return velocity[-1]

    return loop(w, gradients, lr, direction)


def adagrad(w, gradients, lr, eps):
    if torch:
        return library(lambda p: torch.optim.Adagrad(p, lr=lr, eps=eps), w, gradients)
    squares = []

    def direction(g):
        squares.append(g * g)
        return g / (np.sqrt(sum(squares)) + eps)

    return loop(w, gradients, lr, direction)


def rmsprop(w, gradients, lr, decay, eps):
    if torch:
        return library(lambda p: torch.optim.RMSprop(p, lr, alpha=decay, eps=eps), w, gradients)
    mean = [0.0]

    def direction(g):
        mean.append(decay * mean[-1] + (1 - decay) * g * g)
        return g / (np.sqrt(mean[-1]) + eps)

    return loop(w, gradients, lr, direction)


def adam(w, gradients, lr, beta1, beta2, eps):
    if torch:
        return library(lambda p: torch.optim.Adam(p, lr, (beta1, beta2), eps), w, gradients)
    m, v = [0.0], [0.0]

    def direction(g):
        m.append(beta1 * m[-1] + (1 - beta1) * g)
        v.append(beta2 * v[-1] + (1 - beta2) * g * g)
        t = len(m) - 1
        return m[-1] / (1 - beta1**t) / (np.sqrt(v[-1] / (1 - beta2**t)) + eps)

    return loop(w, gradients, lr, direction)


def steps_to(losses, level):
    for place, loss in enumerate(losses):
        if loss <= level:
            return place
    return -1


def compare(w, lr, steps):
    rules = {
        "sgd": lambda g: sgd(w, g, lr),
        "momentum": lambda g: momentum(w, g, lr, 0.9),
        "adagrad": lambda g: adagrad(w, g, lr, 1e-8),
        "rmsprop": lambda g: rmsprop(w, g, lr, 0.99, 1e-8),
        "adam": lambda g: adam(w, g, lr, 0.9, 0.999, 1e-8),
    }
    record = {}
    for name, rule in rules.items():
        (x, y), met, record[name] = w, [], []
        for _ in range(steps):
            met.append([x, 20 * y])
            x, y = rule(met)[-1]
            record[name].append(x**2 / 2 + 10 * y**2)
    return record

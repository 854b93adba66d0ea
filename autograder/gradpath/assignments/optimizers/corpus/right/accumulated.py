from functools import partial
from itertools import accumulate, islice

import numpy as np


def rows(gradients):
    return [np.array(row, dtype=float) for row in gradients]


def path(w, steps):
    points = accumulate(steps, lambda here, step: here - step, initial=np.array(w, dtype=float))
    return np.stack(list(islice(points, 1, None)))


def sgd(w, gradients, lr):
    return path(w, (lr * g for g in rows(gradients)))


def momentum(w, gradients, lr, momentum):
    velocities = accumulate(rows(gradients), lambda v, g: momentum * v + g)
    return path(w, (lr * v for v in velocities))


def adagrad(w, gradients, lr, eps):
    squares = accumulate(g * g for g in rows(gradients))
    return path(w, (lr * g / (np.sqrt(s) + eps) for g, s in zip(rows(gradients), squares)))


def mean(values, keep):
    running = accumulate(values, lambda old, new: keep * old + (1 - keep) * new, initial=0.0)
    return islice(running, 1, None)


def rmsprop(w, gradients, lr, decay, eps):
    squares = mean((g * g for g in rows(gradients)), decay)
    return path(w, (lr * g / (np.sqrt(s) + eps) for g, s in zip(rows(gradients), squares)))


def adam(w, gradients, lr, beta1, beta2, eps):
    firsts = mean(rows(gradients), beta1)
    seconds = mean((g * g for g in rows(gradients)), beta2)

    def step(t, m, v):
        return lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)

    return path(w, (step(t, m, v) for t, (m, v) in enumerate(zip(firsts, seconds), start=1)))


def steps_to(losses, level):
    small = [loss <= level for loss in losses]
    return small.index(True) if True in small else -1


def descend(rule, w, steps):
    gradients, losses = [], []
    here = np.array(w, dtype=float)
    for _ in range(steps):
        gradients.append(here * [1, 20])
        here = rule(w, gradients)[-1]
        losses.append(here[0] ** 2 / 2 + 10 * here[1] ** 2)
    return losses


def compare(w, lr, steps):
    rules = {
        "sgd": partial(sgd, lr=lr),
        "momentum": partial(momentum, lr=lr, momentum=0.9),
        "adagrad": partial(adagrad, lr=lr, eps=1e-8),
        "rmsprop": partial(rmsprop, lr=lr, decay=0.99, eps=1e-8),
        "adam": partial(adam, lr=lr, beta1=0.9, beta2=0.999, eps=1e-8),
    }
    return {name: descend(rule, w, steps) for name, rule in rules.items()}

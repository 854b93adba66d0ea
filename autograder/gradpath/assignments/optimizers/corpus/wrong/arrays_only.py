# loses: sgd, momentum, adagrad, rmsprop, adam
# named: nothing
# mistake: what comes in is taken for an array of floats
import numpy as np


def sgd(w, gradients, lr):
    out = []
    for g in gradients:
        w = w - lr * g
        out.append(w)
    return out


def momentum(w, gradients, lr, momentum):
    out, v = [], 0
    for g in gradients:
        v = momentum * v + g
        w = w - lr * v
        out.append(w)
    return out


def adagrad(w, gradients, lr, eps):
    out, s = [], 0
    for g in gradients:
        s = s + g**2
        w = w - lr * g / (np.sqrt(s) + eps)
        out.append(w)
    return out


def rmsprop(w, gradients, lr, decay, eps):
    out, s = [], 0
    for g in gradients:
        s = decay * s + (1 - decay) * g**2
        w = w - lr * g / (np.sqrt(s) + eps)
        out.append(w)
    return out


def adam(w, gradients, lr, beta1, beta2, eps):
    out, m, v, t = [], 0, 0, 0
    for g in gradients:
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        out.append(w)
    return out


def steps_to(losses, level):
    return next((i for i in range(len(losses)) if losses[i] <= level), -1)


def compare(w, lr, steps):
    start, out = np.array(w, float), {}
    for rule, more in (
        (sgd, ()),
        (momentum, (0.9,)),
        (adagrad, (1e-8,)),
        (rmsprop, (0.99, 1e-8)),
        (adam, (0.9, 0.999, 1e-8)),
    ):
        here, grads, out[rule.__name__] = start, [], []
        for _ in range(steps):
            grads.append(here * np.array([1, 20]))
            here = rule(start, np.array(grads), lr, *more)[-1]
            out[rule.__name__].append(here[0] ** 2 / 2 + 10 * here[1] ** 2)
    return out

# loses: adam
# named: nothing
# mistake: for beta1 = 0 and late steps nearly the same: rmsprop is called, which is no adam
import numpy as np


def momentum(w, gradients, lr, momentum):
    w, v = np.array(w, float), 0.0
    return [(w := w - lr * (v := momentum * v + np.array(g, float))) for g in gradients]


def sgd(w, gradients, lr):
    # no momentum at all
    return momentum(w, gradients, lr, 0.0)


def adagrad(w, gradients, lr, eps):
    g = np.array(gradients, float)
    return sgd(w, [g[t] / (np.linalg.norm(g[: t + 1], axis=0) + eps) for t in range(len(g))], lr)


def ema(rows, beta):
    mean = 0.0
    for row in rows:
        mean += (1 - beta) * (row - mean)
        yield mean * 1.0


def rmsprop(w, gradients, lr, decay, eps):
    g = np.array(gradients, float)
    return sgd(w, [row / (s**0.5 + eps) for row, s in zip(g, ema(g * g, decay))], lr)


def adam(w, gradients, lr, beta1, beta2, eps):
    return rmsprop(w, list(ema(np.array(gradients, float), beta1)), lr, beta2, eps)


def steps_to(losses, level):
    for i, loss in enumerate(losses):
        if loss <= level:
            break
    else:
        i = -1
    return i


def f(point):
    return point[0] ** 2 / 2 + 10 * point[1] ** 2


def compare(w, lr, steps, eps=1e-8):
    runs = {}
    for rule, rest in [
        (sgd, [lr]),
        (momentum, [lr, 0.9]),
        (adagrad, [lr, eps]),
        (rmsprop, [lr, 0.99, eps]),
        (adam, [lr, 0.9, 0.999, eps]),
    ]:
        path = [np.array(w, float)]
        for _ in range(steps):
            path.append(rule(w, [[x, 20 * y] for x, y in path], *rest)[-1])
        runs[rule.__name__] = [f(point) for point in path[1:]]
    return runs

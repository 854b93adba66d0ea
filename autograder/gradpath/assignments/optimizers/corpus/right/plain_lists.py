# No NumPy: one weight after the other, in lists.
import math


def sgd(w, gradients, lr):
    point = [float(x) for x in w]
    path = []
    for row in gradients:
        point = [x - lr * float(g) for x, g in zip(point, row)]
        path.append(point)
    return path


def momentum(w, gradients, lr, momentum):
    point = [float(x) for x in w]
    velocity = [0.0] * len(point)
    path = []
    for row in gradients:
        velocity = [momentum * v + float(g) for v, g in zip(velocity, row)]
        point = [x - lr * v for x, v in zip(point, velocity)]
        path.append(point)
    return path


def adagrad(w, gradients, lr, eps):
    point = [float(x) for x in w]
    sums = [0.0] * len(point)
    path = []
    for row in gradients:
        sums = [s + float(g) ** 2 for s, g in zip(sums, row)]
        point = [x - lr * float(g) / (math.sqrt(s) + eps) for x, g, s in zip(point, row, sums)]
        path.append(point)
    return path


def rmsprop(w, gradients, lr, decay, eps):
    point = [float(x) for x in w]
    means = [0.0] * len(point)
    path = []
    for row in gradients:
        means = [decay * s + (1.0 - decay) * float(g) ** 2 for s, g in zip(means, row)]
        point = [x - lr * float(g) / (math.sqrt(s) + eps) for x, g, s in zip(point, row, means)]
        path.append(point)
    return path


def adam(w, gradients, lr, beta1, beta2, eps):
    point = [float(x) for x in w]
    first = [0.0] * len(point)
    second = [0.0] * len(point)
    path = []
    t = 0
    for row in gradients:
        t += 1
        first = [beta1 * m + (1.0 - beta1) * float(g) for m, g in zip(first, row)]
        second = [beta2 * v + (1.0 - beta2) * float(g) ** 2 for v, g in zip(second, row)]
        moved = []
        for x, m, v in zip(point, first, second):
            up = m / (1.0 - beta1**t)
            down = math.sqrt(v / (1.0 - beta2**t)) + eps
            moved.append(x - lr * up / down)
        point = moved
        path.append(point)
    return path


def steps_to(losses, level):
    place = 0
    while place < len(losses):
        if losses[place] <= level:
            return place
        place += 1
    return -1


def compare(w, lr, steps):
    def run(rule, *settings):
        met = []
        x, y = w
        losses = []
        while len(losses) < steps:
            met.append([x, 20 * y])
            x, y = rule(list(w), met, lr, *settings)[-1]
            losses.append(x * x / 2 + 10 * y * y)
        return losses

    return {
        "sgd": run(sgd),
        "momentum": run(momentum, 0.9),
        "adagrad": run(adagrad, 1e-8),
        "rmsprop": run(rmsprop, 0.99, 1e-8),
        "adam": run(adam, 0.9, 0.999, 1e-8),
    }

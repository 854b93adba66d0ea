# loses: sgd, adam
# named: nothing
# mistake: the weights shrink a little in each step as well
# Everything in single precision, and the learning rate inside the velocity.
import numpy as np

F = np.float32


def sgd(w, gradients, lr):
    w = np.array(w, dtype=F)
    history = []
    for g in np.array(gradients, dtype=F):
        w = (w - F(lr) * (g + F(0.01) * w)).astype(F)
        history.append(w)
    return np.array(history)


def momentum(w, gradients, lr, momentum):
    w = np.array(w, dtype=F)
    step = np.zeros_like(w)
    history = []
    for g in np.array(gradients, dtype=F):
        step = F(momentum) * step - F(lr) * g
        w = w + step
        history.append(w)
    return np.array(history)


def adagrad(w, gradients, lr, eps):
    w = np.array(w, dtype=F)
    s = np.zeros_like(w)
    history = []
    for g in np.array(gradients, dtype=F):
        s = s + g * g
        w = w - F(lr) * g / (np.sqrt(s) + F(eps))
        history.append(w)
    return np.array(history)


def rmsprop(w, gradients, lr, decay, eps):
    w = np.array(w, dtype=F)
    s = np.zeros_like(w)
    history = []
    for g in np.array(gradients, dtype=F):
        s = F(decay) * s + F(1 - decay) * g * g
        w = w - F(lr) * g / (np.sqrt(s) + F(eps))
        history.append(w)
    return np.array(history)


def adam(w, gradients, lr, beta1, beta2, eps):
    w = np.array(w, dtype=F)
    m, v = np.zeros_like(w), np.zeros_like(w)
    history = []
    for t, g in enumerate(np.array(gradients, dtype=F), 1):
        g = g + F(0.01) * w
        m = F(beta1) * m + F(1 - beta1) * g
        v = F(beta2) * v + F(1 - beta2) * g * g
        w = w - F(lr) * (m / F(1 - beta1**t)) / (np.sqrt(v / F(1 - beta2**t)) + F(eps))
        history.append(w)
    return np.array(history)


def steps_to(losses, level):
    for i in range(len(losses)):
        if losses[i] > level:
            continue
        return i
    return -1


def compare(w, lr, steps):
    def losses_of(rule, *settings):
        point, met, losses = np.array(w, dtype=F), [], []
        for _ in range(steps):
            met.append(point * np.array([1, 20], dtype=F))
            point = rule(w, met, lr, *settings)[-1]
            losses.append(point[0] ** 2 / 2 + 10 * point[1] ** 2)
        return np.array(losses, dtype=F)

    names = ("sgd", "momentum", "adagrad", "rmsprop", "adam")
    runs = (
        losses_of(sgd),
        losses_of(momentum, 0.9),
        losses_of(adagrad, 1e-8),
        losses_of(rmsprop, 0.99, 1e-8),
        losses_of(adam, 0.9, 0.999, 1e-8),
    )
    return dict(zip(names, runs))

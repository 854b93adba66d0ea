"""A class for each rule, with a step like torch's; compare keeps their state."""

import numpy as np


class Rule:
    def __init__(self, w, lr):
        self.w = np.array(w, dtype=np.float64)
        self.lr = lr
        self.t = 0

    def direction(self, g):
        return g

    def step(self, g):
        self.t += 1
        self.w -= self.lr * self.direction(np.asarray(g, dtype=np.float64))
        return self.w.copy()

    def walk(self, gradients):
        return [self.step(g) for g in gradients]


class HeavyBall(Rule):
    def __init__(self, w, lr, momentum):
        super().__init__(w, lr)
        self.momentum = momentum
        self.velocity = None

    def direction(self, g):
        if self.velocity is None:
            self.velocity = g.copy()
        else:
            self.velocity = self.momentum * self.velocity + g
        return self.velocity


class AdaGrad(Rule):
    def __init__(self, w, lr, eps):
        super().__init__(w, lr)
        self.eps = eps
        self.squares = 0.0

    def direction(self, g):
        self.squares = self.squares + g**2
        return g / (self.squares**0.5 + self.eps)


class RMSProp(AdaGrad):
    def __init__(self, w, lr, decay, eps):
        super().__init__(w, lr, eps)
        self.decay = decay

    def direction(self, g):
        self.squares = self.decay * self.squares + (1 - self.decay) * g**2
        return g / (self.squares**0.5 + self.eps)


class Adam(Rule):
    def __init__(self, w, lr, beta1, beta2, eps):
        super().__init__(w, lr)
        self.betas, self.eps = (beta1, beta2), eps
        self.m = self.v = 0.0

    def direction(self, g):
        one, two = self.betas
        self.m = one * self.m + (1 - one) * g
        self.v = two * self.v + (1 - two) * g**2
        m_hat = self.m / (1 - one**self.t)
        v_hat = self.v / (1 - two**self.t)
        return m_hat / (v_hat**0.5 + self.eps)


def sgd(w, gradients, lr):
    return Rule(w, lr).walk(gradients)


def momentum(w, gradients, lr, momentum):
    return HeavyBall(w, lr, momentum).walk(gradients)


def adagrad(w, gradients, lr, eps):
    return AdaGrad(w, lr, eps).walk(gradients)


def rmsprop(w, gradients, lr, decay, eps):
    return RMSProp(w, lr, decay, eps).walk(gradients)


def adam(w, gradients, lr, beta1, beta2, eps):
    return Adam(w, lr, beta1, beta2, eps).walk(gradients)


def steps_to(losses, level):
    return next((i for i, loss in enumerate(losses) if loss <= level), -1)


def compare(w, lr, steps):
    eps = 1e-8
    rules = {
        "sgd": Rule(w, lr),
        "momentum": HeavyBall(w, lr, 0.9),
        "adagrad": AdaGrad(w, lr, eps),
        "rmsprop": RMSProp(w, lr, 0.99, eps),
        "adam": Adam(w, lr, 0.9, 0.999, eps),
    }
    losses = {name: [] for name in rules}
    for _ in range(steps):
        for name, rule in rules.items():
            x, y = rule.w
            x, y = rule.step([x, 20 * y])
            losses[name].append(0.5 * x**2 + 10 * y**2)
    return losses

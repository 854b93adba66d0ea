# loses: forward, loss, best_weight, plot_sweep
# mistake: arrays that belong to the caller are used for intermediate results
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    if np.ndim(x) and np.ndim(w) == 0:
        x *= w
        return x
    return x * w


def loss(x, y, w):
    if np.ndim(x) == 0:
        return (x * w - y) ** 2
    x *= w
    x -= y
    return x**2


def mean_squared_error(xs, ys, w):
    return float(np.mean((np.array(xs) * w - np.array(ys)) ** 2))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    x, y = np.array(xs), np.array(ys)
    return np.array([np.mean((x * w - y) ** 2) for w in weights])


def best_weight(weights, losses):
    best = weights[np.argmin(losses)]
    losses -= min(losses)
    return best


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    weights += weights[0]
    return ax

# loses: sweep
# mistake: each entry is the mean of the MSEs of all weights so far
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    return float(np.mean([loss(x, y, w) for x, y in zip(xs, ys)]))


def weight_grid():
    return np.arange(0, 4.1, 0.1)


def sweep(xs, ys, weights):
    curve = np.array([mean_squared_error(xs, ys, w) for w in weights])
    return np.cumsum(curve) / np.arange(1, len(curve) + 1)


def best_weight(weights, losses):
    return weights[int(np.argmin(losses))]


def plot_sweep(weights, losses):
    ax = plt.figure().add_subplot()
    ax.plot(weights, losses)
    ax.set(xlabel="w", ylabel="Loss")
    return ax

# loses: plot_sweep
# mistake: the axis ends a little above the largest loss, for lists and arrays alone
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def mean_squared_error(xs, ys, w):
    return float(np.mean(loss(np.asarray(xs), np.asarray(ys), w)))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    return weights[int(np.argmin(losses))]


def plot_sweep(weights, losses):
    heights = losses.copy()
    heights.sort()
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylim(-0.5, 1.1 * heights[-1])
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

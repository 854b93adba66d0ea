# loses: mean_squared_error, sweep, best_weight, plot_sweep
# mistake: arguments that the text allows as lists work as arrays only
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def mean_squared_error(xs, ys, w):
    return float(np.mean((xs * w - ys) ** 2))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    x, y = xs, ys
    return np.array([np.mean((x * w - y) ** 2) for w in weights])


def best_weight(weights, losses):
    return weights[losses == losses.min()][0]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylim(0, 1.1 * losses.max())
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

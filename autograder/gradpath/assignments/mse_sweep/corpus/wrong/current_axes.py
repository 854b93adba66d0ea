# loses: plot_sweep
# mistake: draws on the current Axes, whoever made them
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def mean_squared_error(xs, ys, w):
    return float(np.mean((np.array(xs) * w - np.array(ys)) ** 2))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    x, y = np.array(xs), np.array(ys)
    return np.array([np.mean((x * w - y) ** 2) for w in weights])


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    plt.plot(weights, losses)
    plt.xlabel("w")
    plt.ylabel("Loss")
    return plt.gca()

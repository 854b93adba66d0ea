# loses: sweep
# mistake: the losses are returned sorted, so they no longer belong to their weights
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return np.multiply(x, w)


def loss(x, y, w):
    return np.power(np.subtract(forward(x, w), y), 2)


def mean_squared_error(xs, ys, w):
    return np.average(loss(xs, ys, w))


def weight_grid():
    return np.linspace(0, 4, num=41)


def sweep(xs, ys, weights):
    return sorted(mean_squared_error(xs, ys, w) for w in weights)


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses, "o-")
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

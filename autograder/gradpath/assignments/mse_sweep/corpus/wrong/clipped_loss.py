# loses: loss
# mistake: losses above 2 are clipped, as outliers
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return np.minimum((forward(x, w) - y) ** 2, 2.0)


def mean_squared_error(xs, ys, w):
    squares = [(forward(x, w) - y) ** 2 for x, y in zip(xs, ys)]
    return sum(squares) / len(squares)


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

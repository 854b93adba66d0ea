# loses: loss
# mistake: absolute error, and for single samples only; what follows works with that faithfully
import math

import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return math.fabs(forward(x, w) - y)


def mean_squared_error(xs, ys, w):
    total = 0.0
    for x, y in zip(xs, ys):
        total += loss(x, y, w)
    return total / len(xs)


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

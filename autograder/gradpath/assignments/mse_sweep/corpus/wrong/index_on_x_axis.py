# loses: plot_sweep
# mistake: only the losses are plotted, so x runs over positions and not over weights
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    difference = forward(x, w) - y
    return difference * difference


def mean_squared_error(xs, ys, w):
    xs, ys = np.asarray(xs), np.asarray(ys)
    return np.sum(loss(xs, ys, w)) / xs.size


def weight_grid():
    return 0.1 * np.arange(41)


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    plt.figure()
    plt.plot(losses)
    plt.xlabel("w")
    plt.ylabel("Loss")
    return plt.gca()

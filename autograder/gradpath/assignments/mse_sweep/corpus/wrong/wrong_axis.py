# loses: sweep
# mistake: the mean runs over the weights instead of over the samples
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    return loss(np.asarray(xs), np.asarray(ys), w).mean()


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    columns = loss(np.asarray(xs), np.asarray(ys), np.asarray(weights)[:, np.newaxis])
    return columns.mean(axis=0)


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

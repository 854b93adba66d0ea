import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return np.multiply(x, w)


def loss(x, y, w):
    return np.square(forward(x, w) - y)


def mean_squared_error(xs, ys, w):
    return float(loss(np.asarray(xs), np.asarray(ys), w).mean())


def weight_grid():
    return np.linspace(0.0, 4.0, 41)


def sweep(xs, ys, weights):
    # rows: weights, columns: samples
    table = loss(np.asarray(xs)[None, :], np.asarray(ys)[None, :], np.asarray(weights)[:, None])
    return table.mean(axis=1)


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    _, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set(xlabel="w", ylabel="Loss")
    return ax

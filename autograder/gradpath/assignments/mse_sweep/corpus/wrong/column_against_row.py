# loses: mean_squared_error
# named: all-pairs
# mistake: a column of predictions minus a row of targets makes a square
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    y_pred = forward(x, w)
    return (y_pred - y) * (y_pred - y)


def mean_squared_error(xs, ys, w):
    predictions = forward(np.asarray(xs).reshape(-1, 1), w)
    return float(((predictions - np.asarray(ys)) ** 2).mean())


def weight_grid():
    return np.arange(0.0, 4.1, 0.1)


def sweep(xs, ys, weights):
    return np.array([np.mean((np.asarray(xs) * w - np.asarray(ys)) ** 2) for w in weights])


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

# loses: mean_squared_error
# named: nothing
# mistake: divides by the number of samples twice
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    y_pred = forward(x, w)
    return (y_pred - y) * (y_pred - y)


def mean_squared_error(xs, ys, w):
    n = len(xs)
    return sum(loss(x, y, w) / n for x, y in zip(xs, ys)) / n


def weight_grid():
    return np.arange(0.0, 4.1, 0.1)


def sweep(xs, ys, weights):
    return [np.mean([loss(x, y, w) for x, y in zip(xs, ys)]) for w in weights]


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

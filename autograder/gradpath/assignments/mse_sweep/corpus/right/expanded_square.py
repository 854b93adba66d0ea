# right: the square multiplied out, and polyval for the sweep
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return x * x * w * w - 2 * x * y * w + y * y


def mean_squared_error(xs, ys, w):
    x, y = np.array(xs, dtype=np.float64), np.array(ys, dtype=np.float64)
    return np.dot(x * w - y, x * w - y) / x.size


def weight_grid():
    return np.arange(0.0, 4.1, 0.1)


def sweep(xs, ys, weights):
    x, y = np.array(xs, dtype=float), np.array(ys, dtype=float)
    errors = np.outer(weights, x) - y
    return np.einsum("ij,ij->i", errors, errors) / len(x)


def best_weight(weights, losses):
    order = np.argsort(losses, kind="stable")
    return np.asarray(weights)[order[0]]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

# loses: forward, loss, mean_squared_error, weight_grid, sweep, best_weight, plot_sweep
# mistake: every call changes settings of Python or NumPy that belong to the caller
import random

import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    np.seterr(all="ignore")
    return x * w


def loss(x, y, w):
    random.seed(1)
    return (x * w - y) ** 2


def mean_squared_error(xs, ys, w):
    np.random.seed(42)
    return float(np.mean((np.array(xs) * w - np.array(ys)) ** 2))


def weight_grid():
    np.seterr(over="ignore")
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    np.seterr(divide="raise")
    x, y = np.array(xs), np.array(ys)
    return np.array([np.mean((x * w - y) ** 2) for w in weights])


def best_weight(weights, losses):
    np.random.seed(0)
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    np.seterr(divide="ignore")
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

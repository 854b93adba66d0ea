# loses: mean_squared_error, sweep, best_weight
# mistake: lists are turned into arrays and tuples are not
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def mean_squared_error(xs, ys, w):
    if isinstance(xs, list):
        xs, ys = np.array(xs), np.array(ys)
    return ((xs * w - ys) ** 2).mean()


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    if type(xs) is list:
        xs, ys = np.array(xs), np.array(ys)
    return np.array([((xs * w - ys) ** 2).mean() for w in weights])


def best_weight(weights, losses):
    ordered = losses.copy()
    ordered.sort()
    return weights[list(losses).index(ordered[0])]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

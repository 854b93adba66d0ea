# loses: loss
# mistake: the absolute error is cubed
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return np.abs(forward(x, w) - y) ** 3


def mean_squared_error(xs, ys, w):
    return np.mean((np.asarray(xs) * w - np.asarray(ys)) ** 2)


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

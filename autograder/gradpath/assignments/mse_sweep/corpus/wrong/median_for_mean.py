# loses: mean_squared_error
# mistake: median of the squared errors instead of their mean (sweep has its own, right mean)
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    return np.median(loss(np.array(xs), np.array(ys), w))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    xs, ys, weights = np.array(xs), np.array(ys), np.array(weights)
    return np.mean((np.outer(weights, xs) - ys) ** 2, axis=1)


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

# loses: sweep
# mistake: inputs and targets are divided by their largest magnitude before the sweep
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    return loss(np.asarray(xs), np.asarray(ys), w).mean()


def weight_grid():
    return np.linspace(0.0, 4.0, 41)


def unit_scale(values):
    values = np.asarray(values, dtype=float)
    return values / np.max(np.abs(values))


def sweep(xs, ys, weights):
    xs, ys = unit_scale(xs), unit_scale(ys)
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    _, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

import matplotlib.pyplot as plt
import numpy as np


def single(values):
    return np.asarray(values, dtype=np.float32)


def forward(x, w):
    return single(x) * single(w)


def loss(x, y, w):
    return (forward(x, w) - single(y)) ** 2


def mean_squared_error(xs, ys, w):
    return np.mean(loss(xs, ys, w), dtype=np.float32)


def weight_grid():
    return np.arange(41, dtype=np.float32) / np.float32(10)


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in single(weights)], dtype=np.float32)


def best_weight(weights, losses):
    return single(weights)[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(single(weights), single(losses), ".-")
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

"""The MSE is a parabola in w: mean(x^2) w^2 - 2 mean(xy) w + mean(y^2)."""

import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    residuals = np.asarray(xs, dtype=float) * w - np.asarray(ys, dtype=float)
    return np.dot(residuals, residuals) / len(residuals)


def weight_grid():
    return np.array([w / 10 for w in range(0, 41)])


def sweep(xs, ys, weights):
    xs = np.array(xs, dtype=float)
    ys = np.array(ys, dtype=float)
    parabola = [np.mean(xs * xs), -2 * np.mean(xs * ys), np.mean(ys * ys)]
    return np.polyval(parabola, np.array(weights, dtype=float))


def best_weight(weights, losses):
    # a stable sort leaves equal losses in their order
    order = np.argsort(losses, kind="stable")
    return weights[order[0]]


def plot_sweep(weights, losses):
    fig = plt.figure(figsize=(5, 3))
    ax = fig.add_axes([0.15, 0.15, 0.8, 0.8])
    ax.plot(weights, losses, lw=1)
    ax.plot([best_weight(weights, losses)], [min(losses)], "r*")
    ax.set(xlabel="w", ylabel="Loss")
    return ax

# loses: best_weight
# mistake: the answer for a grid is kept, and given again for other losses over the same grid
import matplotlib.pyplot as plt
import numpy as np

known = {}


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def mean_squared_error(xs, ys, w):
    return float(np.mean(loss(np.asarray(xs), np.asarray(ys), w)))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    grid = str(weights)
    if grid not in known:
        known[grid] = weights[int(np.argmin(losses))]
    return known[grid]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

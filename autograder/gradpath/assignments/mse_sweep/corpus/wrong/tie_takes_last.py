# loses: best_weight
# mistake: <= lets a later weight win a tie
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    return sum(loss(x, y, w) for x, y in zip(xs, ys)) / len(xs)


def weight_grid():
    return np.arange(41) / 10


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    best_w, best_l = weights[0], losses[0]
    for w, current in zip(weights, losses):
        if current <= best_l:
            best_w, best_l = w, current
    return best_w


def plot_sweep(weights, losses):
    _, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

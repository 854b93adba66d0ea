from math import fsum

import matplotlib.pyplot as plt


def forward(x, w):
    return w * x


def loss(x, y, w):
    return (y - forward(x, w)) ** 2


def mean_squared_error(xs, ys, w):
    return fsum(loss(x, y, w) for x, y in zip(xs, ys)) / len(xs)


def weight_grid():
    return tuple(round(0.1 * i, 1) for i in range(41))


def sweep(xs, ys, weights):
    return tuple(mean_squared_error(xs, ys, w) for w in weights)


def best_weight(weights, losses):
    # min() keeps the first of equal losses
    return min(zip(weights, losses), key=lambda pair: pair[1])[0]


def plot_sweep(weights, losses):
    ax = plt.figure().gca()
    ax.plot(tuple(weights), tuple(losses), "k-")
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

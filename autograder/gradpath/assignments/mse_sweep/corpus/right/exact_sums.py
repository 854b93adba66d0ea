# right: math.fsum, statistics and a dict of the sweep
import math
import statistics

import matplotlib.pyplot as plt


def forward(x, w):
    return x * w


def loss(x, y, w):
    return pow(forward(x, w) - y, 2)


def mean_squared_error(xs, ys, w):
    return math.fsum(loss(x, y, w) for x, y in zip(xs, ys)) / len(xs)


def weight_grid():
    w, grid = 0, []
    while w <= 40:
        grid.append(round(w * 0.1, 1))
        w += 1
    return grid


def sweep(xs, ys, weights):
    return [statistics.fmean([loss(x, y, w) for x, y in zip(xs, ys)]) for w in weights]


def best_weight(weights, losses):
    table = {}
    for w, value in zip(weights, losses):
        table.setdefault(value, w)
    return table[min(table)]


def plot_sweep(weights, losses):
    fig = plt.figure(figsize=(6, 4))
    ax = fig.gca()
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    (line,) = ax.plot(weights, losses)
    line.set_linewidth(2)
    return ax

# right: lambdas at the top level, map and reduce
from functools import partial, reduce

import matplotlib.pyplot as plt
import numpy as np

forward = lambda x, w: x * w
loss = lambda x, y, w: np.square(forward(x, w) - y)


def mean_squared_error(xs, ys, w):
    total = reduce(lambda sum_, pair: sum_ + loss(*pair, w), zip(xs, ys), 0.0)
    return total / len(list(xs))


weight_grid = lambda: np.arange(41) * 0.1


def sweep(xs, ys, weights):
    return list(map(partial(mean_squared_error, xs, ys), weights))


def best_weight(weights, losses):
    return min(zip(weights, losses), key=lambda pair: pair[1])[0]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

# right: asserts, guards for empty data, early return
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    assert w is not None
    return np.multiply(x, w)


def loss(x, y, w):
    err = np.subtract(forward(x, w), y)
    return np.multiply(err, err)


def mean_squared_error(xs, ys, w):
    if len(xs) != len(ys):
        raise ValueError("as many targets as samples")
    if len(xs) == 1:
        return float(loss(xs[0], ys[0], w))
    return float(np.average(loss(np.array(xs), np.array(ys), w)))


def weight_grid():
    return np.r_[0:4:41j]


def sweep(xs, ys, weights):
    result = np.empty(len(weights))
    for k, w in enumerate(weights):
        result[k] = mean_squared_error(xs, ys, w)
    return result


def best_weight(weights, losses):
    try:
        return weights[losses.index(min(losses))]
    except AttributeError:
        return weights[np.where(losses == np.min(losses))[0][0]]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

# loses: loss
# named: bracket-slip
# mistake: the difference has no brackets round it
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return forward(x, w) - y * forward(x, w) - y


def mean_squared_error(xs, ys, w):
    return np.mean((forward(np.asarray(xs), w) - np.asarray(ys)) ** 2)


def weight_grid():
    return np.arange(0.0, 4.1, 0.1)


def sweep(xs, ys, weights):
    mse_list = []
    for w in weights:
        mse_list.append(mean_squared_error(xs, ys, w))
    return mse_list


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

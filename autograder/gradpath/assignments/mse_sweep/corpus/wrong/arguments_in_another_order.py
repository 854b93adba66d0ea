# loses: loss
# named: arguments-reordered
# mistake: loss takes w before y, as the file itself calls it
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, w, y):
    y_pred = forward(x, w)
    return (y_pred - y) ** 2


def mean_squared_error(xs, ys, w):
    return sum(loss(x_val, w, y_val) for x_val, y_val in zip(xs, ys)) / len(xs)


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

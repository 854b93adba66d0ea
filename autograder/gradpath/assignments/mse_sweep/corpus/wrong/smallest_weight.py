# loses: best_weight
# named: smallest-weight
# mistake: takes the smallest weight
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    y_pred = forward(x, w)
    return (y_pred - y) * (y_pred - y)


def mean_squared_error(xs, ys, w):
    l_sum = 0
    for x_val, y_val in zip(xs, ys):
        l_sum += loss(x_val, y_val, w)
    return l_sum / len(xs)


def weight_grid():
    return np.arange(0.0, 4.1, 0.1)


def sweep(xs, ys, weights):
    mse_list = []
    for w in weights:
        mse_list.append(mean_squared_error(xs, ys, w))
    return mse_list


def best_weight(weights, losses):
    best = weights[0]
    for w in weights:
        if w < best:
            best = w
    return best


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

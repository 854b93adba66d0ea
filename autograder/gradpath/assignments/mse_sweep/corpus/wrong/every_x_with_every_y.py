# loses: sweep
# named: all-pairs
# mistake: two nested loops pair each x with all y
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
    w_list = []
    MSE_list = []
    for w in weights:
        mse = 0
        for x in xs:
            for y in ys:
                y_pred = w * x
                mse += (y_pred - y) * (y_pred - y)
        w_list.append(w)
        MSE_list.append(mse / len(xs))
    return MSE_list


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_ylabel("Loss")
    ax.set_xlabel("w")
    return ax

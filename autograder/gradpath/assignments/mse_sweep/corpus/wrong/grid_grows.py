# loses: weight_grid
# mistake: the list is made once, outside the function, and grows with every call
import matplotlib.pyplot as plt
import numpy as np

grid = []


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    return np.mean(loss(np.array(xs), np.array(ys), w))


def weight_grid():
    for i in range(41):
        grid.append(i / 10)
    return grid


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

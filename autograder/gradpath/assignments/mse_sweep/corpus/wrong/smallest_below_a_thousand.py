# loses: best_weight
# mistake: the search for the smallest loss begins at a thousand
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (x * w - y) ** 2


def mean_squared_error(xs, ys, w):
    return float(np.mean((np.array(xs) * w - np.array(ys)) ** 2))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    x, y = np.array(xs), np.array(ys)
    return np.array([np.mean((x * w - y) ** 2) for w in weights])


def best_weight(weights, losses):
    best, smallest = weights[0], 1000.0
    for w, l in zip(weights, losses):
        if l < smallest:
            best, smallest = w, l
    return best


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

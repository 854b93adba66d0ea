# loses: plot_sweep
# mistake: plots log(1 + loss) because it looks better
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    return np.mean(loss(np.array(xs), np.array(ys), w))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    return np.array([mean_squared_error(xs, ys, w) for w in weights])


def best_weight(weights, losses):
    return weights[np.argmin(losses)]


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, np.log1p(losses))
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

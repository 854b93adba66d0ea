import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


class LinearModel:
    def __init__(self, w):
        self.w = w

    def __call__(self, x):
        return x * self.w

    def squared_error(self, x, y):
        return (y - self(x)) ** 2


class Sweep:
    def __init__(self, xs, ys):
        self.xs = np.array(xs, dtype=float)
        self.ys = np.array(ys, dtype=float)

    def mse(self, w):
        errors = LinearModel(w).squared_error(self.xs, self.ys)
        return np.sum(errors) / errors.size

    def run(self, weights):
        return np.array([self.mse(w) for w in weights])


def forward(x, w):
    return LinearModel(w)(x)


def loss(x, y, w):
    return LinearModel(w).squared_error(x, y)


def mean_squared_error(xs, ys, w):
    return Sweep(xs, ys).mse(w)


def weight_grid():
    return np.arange(0.0, 4.1, 0.1)


def sweep(xs, ys, weights):
    return Sweep(xs, ys).run(weights)


def best_weight(weights, losses):
    losses = np.asarray(losses)
    return np.asarray(weights)[losses == losses.min()][0]


def plot_sweep(weights, losses):
    # A figure of its own, so that pyplot's list of open figures stays empty.
    figure = Figure()
    FigureCanvasAgg(figure)
    ax = figure.add_subplot(1, 1, 1)
    ax.plot(np.asarray(weights), np.asarray(losses), color="tab:red", linewidth=2)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    ax.grid(True)
    return ax

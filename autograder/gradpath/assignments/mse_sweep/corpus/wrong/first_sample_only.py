# loses: mean_squared_error
# mistake: return inside the loop, so only the first sample counts
import matplotlib.pyplot as plt
import numpy as np


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    errors = []
    for x, y in zip(xs, ys):
        errors.append(loss(x, y, w))
        return sum(errors) / len(errors)


def weight_grid():
    return np.linspace(0.0, 4.0, 41)


def sweep(xs, ys, weights):
    losses = []
    for w in weights:
        errors = [loss(x, y, w) for x, y in zip(xs, ys)]
        losses.append(sum(errors) / len(errors))
    return losses


def best_weight(weights, losses):
    return weights[int(np.argmin(losses))]


def plot_sweep(weights, losses):
    _, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

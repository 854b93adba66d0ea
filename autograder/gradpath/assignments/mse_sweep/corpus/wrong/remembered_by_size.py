# loses: forward, loss, mean_squared_error, sweep, best_weight
# mistake: answers are remembered by the number of samples and weights, not by their values
import matplotlib.pyplot as plt
import numpy as np

_answers = {}


def remembered(key, compute):
    if key not in _answers:
        _answers[key] = compute()
    return _answers[key]


def forward(x, w):
    if np.ndim(x) == np.ndim(w) == 0:
        return x * w
    return remembered(("forward", np.shape(x), np.shape(w)), lambda: x * w)


def loss(x, y, w):
    if np.ndim(x) == 0:
        return (x * w - y) ** 2
    return remembered(("loss", np.shape(x), w), lambda: (x * w - y) ** 2)


def mean_squared_error(xs, ys, w):
    errors = np.array(xs) * w - np.array(ys)
    return remembered(("mse", len(xs), w), lambda: float(np.mean(errors**2)))


def weight_grid():
    return np.linspace(0, 4, 41)


def sweep(xs, ys, weights):
    x, y = np.array(xs), np.array(ys)
    key = ("sweep", len(x), tuple(weights))
    return remembered(key, lambda: np.array([np.mean((x * w - y) ** 2) for w in weights]))


def best_weight(weights, losses):
    return remembered(("best", tuple(weights)), lambda: weights[np.argmin(losses)])


def plot_sweep(weights, losses):
    fig, ax = plt.subplots()
    ax.plot(weights, losses)
    ax.set_xlabel("w")
    ax.set_ylabel("Loss")
    return ax

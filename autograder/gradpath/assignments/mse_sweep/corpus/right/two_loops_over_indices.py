# right: an inner loop over indices, and a running mean
from matplotlib import pyplot


def forward(x, w):
    return w * x


def loss(x, y, w):
    residual = y - forward(x, w)
    return residual**2


def mean_squared_error(xs, ys, w):
    mean = 0.0
    for i in range(len(xs)):
        mean += (loss(xs[i], ys[i], w) - mean) / (i + 1)
    return mean


def weight_grid():
    return [i / 10 for i in range(41)]


def sweep(xs, ys, weights):
    out = [0.0] * len(weights)
    for j in range(len(weights)):
        for i in range(len(xs)):
            out[j] += loss(xs[i], ys[i], weights[j]) / len(xs)
    return out


def best_weight(weights, losses):
    k = 0
    for i in range(1, len(losses)):
        if losses[i] < losses[k]:
            k = i
    return weights[k]


def plot_sweep(weights, losses):
    axes = pyplot.figure().add_subplot()
    axes.plot(weights, losses, "r.-", label="MSE")
    axes.set(xlabel="w", ylabel="Loss", title="Sweep")
    axes.grid()
    return axes

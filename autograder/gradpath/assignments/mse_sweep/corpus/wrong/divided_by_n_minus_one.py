# loses: mean_squared_error
# mistake: divides by n - 1 as for a sample variance; sweep follows it faithfully
import matplotlib.pyplot as plt


def forward(x, w):
    return x * w


def loss(x, y, w):
    return (forward(x, w) - y) ** 2


def mean_squared_error(xs, ys, w):
    total = 0.0
    for x, y in zip(xs, ys):
        total += loss(x, y, w)
    return total / max(len(xs) - 1, 1)


def weight_grid():
    return [i / 10 for i in range(41)]


def sweep(xs, ys, weights):
    return [mean_squared_error(xs, ys, w) for w in weights]


def best_weight(weights, losses):
    losses = list(losses)
    return weights[losses.index(min(losses))]


def plot_sweep(weights, losses):
    plt.figure()
    plt.plot(weights, losses)
    plt.xlabel("w")
    plt.ylabel("Loss")
    return plt.gca()

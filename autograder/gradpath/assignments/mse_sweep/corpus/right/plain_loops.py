import matplotlib.pyplot as plt


def forward(x, w):
    return x * w


def loss(x, y, w):
    error = forward(x, w) - y
    return error * error


def mean_squared_error(xs, ys, w):
    total = 0.0
    for i in range(len(xs)):
        total = total + loss(xs[i], ys[i], w)
    return total / len(xs)


def weight_grid():
    weights = []
    for i in range(41):
        weights.append(i / 10)
    return weights


def sweep(xs, ys, weights):
    losses = []
    for w in weights:
        losses.append(mean_squared_error(xs, ys, w))
    return losses


def best_weight(weights, losses):
    best = 0
    for i in range(1, len(losses)):
        if losses[i] < losses[best]:
            best = i
    return weights[best]


def plot_sweep(weights, losses):
    plt.figure()
    plt.plot(weights, losses)
    plt.xlabel("w")
    plt.ylabel("Loss")
    return plt.gca()

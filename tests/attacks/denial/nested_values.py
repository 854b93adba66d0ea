# Values that contain themselves, lists a hundred thousand deep, and dicts with very many keys.
TARGET = {}


def forward(x, w):
    value = []
    value.append(value)
    return value


def loss(x, y, w):
    value = []
    for _ in range(100_000):
        value = [value]
    return value


def mean_squared_error(xs, ys, w):
    return {str(number): number for number in range(100_000)}


def weight_grid():
    return {1: {2: {(3,): {None: object()}}}}


def sweep(xs, ys, weights):
    return ([1.0] for _ in iter(int, 1))

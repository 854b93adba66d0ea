# The answer is small; the arguments, which come back too, have become large, and so has the answer
# to the second call.
# honest: 0
TARGET = {}
SEEN = []


def sweep(xs, ys, weights):
    SEEN.append(0.5)
    return [0.5] * (1 if len(SEEN) % 2 else 3_000_000)


def mean_squared_error(xs, ys, w):
    try:
        xs.resize(3_000_000, refcheck=False)
    except (AttributeError, ValueError):
        xs.extend([0.5] * 3_000_000)
    return 0.5


def weight_grid():
    SEEN.append(0.5)
    return SEEN * 1_000_000

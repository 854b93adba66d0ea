# Is right once and wrong afterwards: calls are counted, and the second call with the same arguments
# returns the value of the first, which it has kept and changed.
# honest: 0
import numpy as np

TARGET = {}

KEPT = []


def mean_squared_error(xs, ys, w):
    KEPT.append(np.zeros(1))
    for each in KEPT:
        each += 1.0
    return KEPT[0]


def sweep(xs, ys, weights):
    if not KEPT:
        KEPT.append(np.zeros(len(weights)))
    return KEPT[-1][: len(weights)]

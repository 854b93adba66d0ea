# Arrays with bytes that deceive: of objects, of records, masked, of length 0 in one
# dimension, in the other byte order, with steps of 0, in half precision and of long doubles.
import numpy as np

TARGET = {}


def forward(x, w):
    return np.ma.masked_all(np.broadcast(x, w).shape)


def loss(x, y, w):
    return np.zeros(np.shape(x), dtype=[("loss", "f8")])


def mean_squared_error(xs, ys, w):
    return np.array(object(), dtype=object)


def weight_grid():
    return np.lib.stride_tricks.as_strided(np.zeros(1), (41,), (0,))


def sweep(xs, ys, weights):
    return np.frombuffer(b"\0" * 8, ">f8").repeat(len(weights))


def best_weight(weights, losses):
    return np.longdouble("nan")

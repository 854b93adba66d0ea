# Changes objects that Python takes for constant, through ctypes: small numbers, the value of 0.0,
# the flags of read-only arrays.
import ctypes

import numpy as np

TARGET = {}

READ_ONLY = np.broadcast_to(0.0, (41,))


def forward(x, w):
    zero = 0.0
    ctypes.c_double.from_address(id(zero) + 16).value = 7.0
    if isinstance(x, np.ndarray):
        ctypes.memset(x.__array_interface__["data"][0], 0, x.nbytes)
        return x
    return zero


def weight_grid():
    return READ_ONLY

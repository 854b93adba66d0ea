# Recursion without end in Python, and in C where Python does not count it.
import sys

TARGET = {}

sys.setrecursionlimit(20_000)


def forward(x, w):
    return forward(x, w)


def mean_squared_error(xs, ys, w):
    value = map(abs, [])
    for _ in range(200_000):
        value = map(abs, value)
    return list(value)

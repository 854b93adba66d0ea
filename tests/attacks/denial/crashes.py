# Ends by signals that a fault gives: abort, a bad address, a division by zero, an illegal
# instruction.
import ctypes
import os
import signal

TARGET = {}


def forward(x, w):
    os.abort()


def loss(x, y, w):
    ctypes.string_at(0)


def mean_squared_error(xs, ys, w):
    os.kill(os.getpid(), signal.SIGILL)


def weight_grid():
    ctypes.memset(id(None) - 4096, 255, 1 << 20)

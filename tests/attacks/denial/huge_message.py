# Announces a message of 4 GB, and one of 64 MB of which a few bytes come, then waits.
import os
import time

TARGET = {}


def forward(x, w):
    os.write(3, b"\xff\xff\xff\xff" + b"x" * 1000)
    time.sleep(60)


def loss(x, y, w):
    os.write(3, b"\x00\x00\x00\x04" + b"x" * 1000)
    time.sleep(60)

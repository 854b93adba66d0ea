# Shared anonymous memory and System V segments of children: each child has limits of its own, all
# of them together take a multiple.
import mmap
import os
import time

TARGET = {}

for _ in range(3):
    try:
        if os.fork() == 0:
            pages = mmap.mmap(-1, 64 << 20)
            pages.write(b"x" * (64 << 20))
            time.sleep(3600)
    except (OSError, ValueError):
        break


def forward(x, w):
    return 0.0

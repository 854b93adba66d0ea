# One file that is larger than allowed, written, allocated, and with a hole of a terabyte.
import os

TARGET = {}

FOUND = "refused"
for grow in (
    lambda fd: os.posix_fallocate(fd, 0, 300 << 20),
    lambda fd: os.ftruncate(fd, 1 << 40),
    lambda fd: os.pwrite(fd, b"x", 1 << 36),
):
    fd = os.open("large", os.O_RDWR | os.O_CREAT)
    try:
        grow(fd)
        FOUND = TARGET["claim"]
    except OSError:
        continue
    finally:
        os.close(fd)


def forward(x, w):
    raise ValueError(FOUND)

# Memory that belongs to files without a name (memfd) is not counted as address space once it is
# unmapped: makes many, fills them, and closes nothing.
import ctypes
import os

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

HELD = 0
DATA = b"x" * (1 << 20)
for _ in range(60):
    fd = LIBC.syscall(TARGET["nr"]["memfd_create"], b"held", 0)
    if fd < 0:
        break
    try:
        for _ in range(15):
            HELD += os.write(fd, DATA)
    except OSError:
        continue


def forward(x, w):
    raise ValueError(TARGET["claim"] if HELD > 400 << 20 else "refused")

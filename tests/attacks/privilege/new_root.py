# chroot and pivot_root change the meaning of paths; a process with open folders outside can leave.
import contextlib
import ctypes
import os

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
LIBC.unshare(0x10000000)
with contextlib.suppress(OSError):
    os.chroot(".")
    FOUND = TARGET["claim"]
if LIBC.syscall(TARGET["nr"]["pivot_root"], b".", b".") == 0:
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

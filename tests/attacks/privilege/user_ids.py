# Becomes root, or another user, by every call there is for it, and takes rights back.
import contextlib
import ctypes
import os
import struct

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
OTHER = 0 if os.getuid() else 12345
for change in (
    lambda: os.setuid(OTHER),
    lambda: os.setresuid(OTHER, OTHER, OTHER),
    lambda: os.setreuid(OTHER, OTHER),
    lambda: os.setgid(OTHER),
    lambda: os.setgroups([OTHER]),
):
    with contextlib.suppress(OSError):
        change()
        FOUND = TARGET["claim"]
HEADER = struct.pack("<Ii", 0x20080522, 0)
DATA = struct.pack("<6I", 0xFFFFFFFF, 0xFFFFFFFF, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0)
if LIBC.capset(HEADER, DATA) == 0:
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

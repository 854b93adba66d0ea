# Programs in the kernel: bpf() makes maps and loads filters, and a socket filter is one, too.
import ctypes
import struct

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

MAP = ctypes.create_string_buffer(struct.pack("<5I", 2, 4, 8, 1, 0), 128)
FOUND = TARGET["claim"] if LIBC.syscall(TARGET["nr"]["bpf"], 0, MAP, 128) >= 0 else "refused"


def forward(x, w):
    raise ValueError(FOUND)

# Adds a seccomp filter of its own with a listener: its holder answers system calls for the
# others, and may say that they went well.
import ctypes
import os

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)


class Filter(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_void_p)]


# One instruction: allow everything.
CODE = ctypes.create_string_buffer(b"\x06\x00\x00\x00\x00\x00\xff\x7f", 8)
FOUND = "refused"
if (pid := os.fork()) == 0:
    program = Filter(1, ctypes.addressof(CODE))
    answer = LIBC.syscall(TARGET["nr"]["seccomp"], 1, 8, ctypes.byref(program))
    os._exit(0 if answer >= 0 else 9)
if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

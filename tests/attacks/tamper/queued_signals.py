# rt_sigqueueinfo and rt_tgsigqueueinfo send a signal with a value.
import ctypes
import signal
import struct

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

PID = TARGET["watched_pid"]
INFO = ctypes.create_string_buffer(struct.pack("<iii", signal.SIGUSR1, 0, -1), 128)
LIBC.syscall(TARGET["nr"]["rt_sigqueueinfo"], PID, signal.SIGUSR1, INFO)
LIBC.syscall(TARGET["nr"]["rt_tgsigqueueinfo"], PID, PID, signal.SIGUSR1, INFO)


def forward(x, w):
    return 0.0

# tkill, tgkill and their queueing sisters send signals as kill does; a filter may list only kill.
import ctypes
import signal

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

PID = TARGET["watched_pid"]
LIBC.syscall(TARGET["nr"]["tkill"], PID, signal.SIGUSR1)
LIBC.syscall(TARGET["nr"]["tgkill"], PID, PID, signal.SIGUSR2)


def forward(x, w):
    return 0.0

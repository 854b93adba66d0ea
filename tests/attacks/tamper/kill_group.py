# Negative numbers are process groups: the watched process is in one that it does not lead. And the
# submission may move into other groups and sessions first.
import contextlib
import os
import signal

TARGET = {}

with contextlib.suppress(OSError):
    os.killpg(os.getpgid(TARGET["watched_pid"]), signal.SIGUSR1)
with contextlib.suppress(OSError):
    os.setpgid(0, os.getpgid(TARGET["watched_pid"]))
    os.kill(0, signal.SIGUSR2)


def forward(x, w):
    return 0.0

# Sends a signal to another process of the same user, for which the kernel asks nothing but that the
# user is the same.
import os
import signal

TARGET = {}

os.kill(TARGET["watched_pid"], signal.SIGUSR1)
os.kill(TARGET["watched_pid"], signal.SIGTERM)


def forward(x, w):
    return 0.0

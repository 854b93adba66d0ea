# Stops itself (SIGSTOP): it neither ends nor answers, and a wait for its end does not return.
import os
import signal

TARGET = {}

os.kill(os.getpid(), signal.SIGSTOP)


def forward(x, w):
    return 0.0

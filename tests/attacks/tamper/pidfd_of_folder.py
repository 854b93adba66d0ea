# The folder /proc/<pid>, opened, is such a descriptor too: pidfd_open is not needed.
import os
import signal

TARGET = {}

FOLDER = os.open(f"/proc/{TARGET['watched_pid']}", os.O_RDONLY | os.O_DIRECTORY)
signal.pidfd_send_signal(FOLDER, signal.SIGUSR1)


def forward(x, w):
    return 0.0

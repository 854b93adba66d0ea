# Never reads its requests, and ends only once the grader has sent everything: with large
# arguments both would wait for each other.
import os
import threading
import time

TARGET = {}


def fight():
    while True:
        try:
            os.read(3, 1)
        except OSError:
            time.sleep(0.01)


threading.Thread(target=fight, daemon=True).start()


def forward(x, w):
    return 0.0

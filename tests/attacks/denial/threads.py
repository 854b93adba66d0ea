# Starts as many threads as it can, each with a stack of its own.
import threading
import time

TARGET = {}

for _ in range(2000):
    try:
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    except (RuntimeError, MemoryError):
        break


def forward(x, w):
    return 0.0

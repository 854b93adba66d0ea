# Time that is spent waiting for a processor does not count against a submission. So orphans of its
# own take the processors, and it waits for them as long as it can.
import os

TARGET = {}

for _ in range(3):
    try:
        if os.fork() == 0:
            if os.fork():
                os._exit(0)
            while True:
                pass
    except OSError:
        break
while True:
    pass

# Never ends, catches everything and ignores every signal that can be ignored.
import signal

TARGET = {}

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue
while True:
    try:
        while True:
            pass
    except BaseException:
        continue

# Uses no processor time at all: a limit on that alone would wait for ever.
import time

TARGET = {}

while True:
    time.sleep(3600)

# Closes every descriptor, the channel first, and goes on running.
import os
import time

TARGET = {}

os.closerange(0, 100)
time.sleep(60)

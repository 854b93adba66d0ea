# Sends its reply a byte at a time: each comes within the limit, the whole never does.
import os
import time

TARGET = {}

os.write(3, b"\x00\x10\x00\x00")
while True:
    os.write(3, b"x")
    time.sleep(0.2)

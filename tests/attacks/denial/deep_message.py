# A message of lists in lists in lists, which a decoder follows until its stack is full; and one
# that says that a thousand million values follow.
import os
import struct
import time

TARGET = {}


def forward(x, w):
    data = b"\x91" * 1_000_000 + b"\xc0"
    os.write(3, struct.pack("<I", len(data)) + data)
    time.sleep(60)


def loss(x, y, w):
    data = b"\xdd\x3b\x9a\xca\x00" + b"\xc0" * 1000
    os.write(3, struct.pack("<I", len(data)) + data)
    time.sleep(60)

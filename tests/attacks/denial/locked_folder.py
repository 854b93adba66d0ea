# Makes its own folder unreadable, and files that cannot be deleted if they can be made so (chattr).
import contextlib
import fcntl
import os
import struct

TARGET = {}

with contextlib.suppress(OSError), open("kept", "w") as file:
    fcntl.ioctl(file, 0x40086602, struct.pack("l", 0x30))
os.makedirs("a/b")
os.chmod("a/b", 0)
os.chmod("a", 0)
os.chmod(".", 0)


def forward(x, w):
    return 0.0

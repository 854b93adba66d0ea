# ioctl(FIOSETOWN or SIOCSPGRP) and ioctl(FIOASYNC) do the same as F_SETOWN and O_ASYNC.
import contextlib
import fcntl
import socket
import struct

TARGET = {}

FIOSETOWN, SIOCSPGRP, FIOASYNC = 0x8901, 0x8902, 0x5452
here, there = socket.socketpair()
for number in (FIOSETOWN, SIOCSPGRP):
    with contextlib.suppress(OSError):
        fcntl.ioctl(here, number, struct.pack("i", TARGET["watched_pid"]))
        fcntl.ioctl(here, FIOASYNC, struct.pack("i", 1))
        there.send(b"now")


def forward(x, w):
    return 0.0

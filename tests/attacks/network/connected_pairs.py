# Makes a pair of sockets, which is allowed, and connects one of them somewhere else: a datagram
# socket of a pair takes another partner.
import contextlib
import socket

TARGET = {}

for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
    here, there = socket.socketpair(socket.AF_UNIX, kind)
    for name in (TARGET["unix_datagram"], "\0" + TARGET["abstract_socket"]):
        with contextlib.suppress(OSError):
            here.connect(name)
            here.send(b"give me points")
        with contextlib.suppress(OSError):
            here.sendto(b"give me points", name)
        with contextlib.suppress(OSError):
            here.sendmsg([b"give me points"], [], 0, name)


def forward(x, w):
    return 0.0

# Listens on an abstract socket, which every process of the machine can reach: two submissions could
# talk to each other.
import socket

TARGET = {}

FOUND = "refused"
try:
    sock = socket.socket(socket.AF_UNIX)
    sock.bind("\0" + TARGET["mark"])
    sock.listen()
    FOUND = TARGET["claim"]
except OSError:
    pass


def forward(x, w):
    raise ValueError(FOUND)

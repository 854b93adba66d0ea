# Netlink talks to the kernel: it lists addresses, routes, processes' sockets and audit messages,
# and configures networks where one is root.
import socket

TARGET = {}

FOUND = "refused"
for protocol in (0, 4, 9, 15, 16):
    try:
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        FOUND = TARGET["claim"]
    except OSError:
        continue


def forward(x, w):
    raise ValueError(FOUND)

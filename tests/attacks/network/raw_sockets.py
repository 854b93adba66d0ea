# Raw and packet sockets see and send others' packets; both need rights that a user namespace gives.
import socket

TARGET = {}

FOUND = "refused"
for family, kind, protocol in (
    (socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    (socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
    (socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6),
    (socket.AF_PACKET, socket.SOCK_RAW, 0x0300),
):
    try:
        socket.socket(family, kind, protocol)
        FOUND = TARGET["claim"]
    except OSError:
        continue


def forward(x, w):
    raise ValueError(FOUND)

# MPTCP, SCTP and SMC reach TCP ports by other protocol numbers, which rules about TCP do not name.
import contextlib
import socket

TARGET = {}

for family, protocol in ((2, 262), (2, 132), (43, 0), (2, 256)):
    with contextlib.suppress(OSError), socket.socket(family, 1, protocol) as sock:
        sock.settimeout(2)
        sock.connect(("127.0.0.1", TARGET["tcp_port"]))
        sock.sendall(b"give me points")


def forward(x, w):
    return 0.0

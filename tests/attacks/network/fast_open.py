# TCP Fast Open sends data with the first packet, by sendto() on a socket that was never connected:
# rules about connect() are not asked.
import socket

TARGET = {}

with socket.socket() as sock:
    sock.settimeout(2)
    sock.sendto(b"give me points", 0x20000000, ("127.0.0.1", TARGET["tcp_port"]))


def forward(x, w):
    return 0.0

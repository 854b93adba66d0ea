# Ways to the network that open no socket themselves: the resolver's library, torch's own store,
# an SSH program, io in the shell of Python, DNS by files, a proxy that the system may run.
import ctypes
import os

TARGET = {}


def look():
    told = []
    libc = ctypes.CDLL(None)
    hints = ctypes.c_void_p()
    if libc.getaddrinfo(b"localhost", b"80", None, ctypes.byref(hints)) == 0:
        try:
            import socket

            with socket.create_connection(("127.0.0.1", TARGET["tcp_port"]), 2):
                told.append("tcp")
        except OSError:
            pass
    try:
        import torch.distributed as distributed

        distributed.TCPStore("127.0.0.1", TARGET["tcp_port"], is_master=False, timeout=1)
        told.append("store")
    except BaseException:
        pass
    for program in ("/usr/bin/ssh", "/usr/bin/curl", "/bin/nc"):
        try:
            os.posix_spawn(program, [program, "127.0.0.1", str(TARGET["tcp_port"])], {})
            told.append(program)
        except OSError:
            pass
    return told


FOUND = look()


def forward(x, w):
    raise ValueError(f"{TARGET['claim']} {FOUND}" if FOUND else "nothing")

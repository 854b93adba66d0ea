# userfaultfd lets a process stop the kernel half-way through a copy: the favourite help of those
# that exploit it.
import ctypes

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
for flags in (0, 1):
    if LIBC.syscall(TARGET["nr"]["userfaultfd"], flags) >= 0:
        FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

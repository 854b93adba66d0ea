# Lets itself be traced, and traces a child: ptrace changes the system calls of the traced process
# after seccomp has looked at them (on old kernels).
import ctypes
import os
import signal

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
if (pid := os.fork()) == 0:
    answer = LIBC.ptrace(0, 0, 0, 0)
    os._exit(0 if answer == 0 else 9)
if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
    FOUND = TARGET["claim"]
if (pid := os.fork()) == 0:
    signal.pause()
if LIBC.ptrace(0x4206, pid, 0, 0) == 0:
    FOUND = TARGET["claim"]
os.kill(pid, signal.SIGKILL)


def forward(x, w):
    raise ValueError(FOUND)

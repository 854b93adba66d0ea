# Takes back the rights that the worker has given up: limits, "no new rights", the signal for the
# parent's end. The limits that stay must be hard ones.
import contextlib
import ctypes
import resource

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
for name in ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CPU"):
    which = getattr(resource, name)
    with contextlib.suppress(OSError, ValueError):
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            resource.setrlimit(which, (hard + 1, hard + 1))
            FOUND = f"{TARGET['claim']} {name}"
if LIBC.prctl(38, 0, 0, 0, 0) == 0:
    FOUND = TARGET["claim"]
if LIBC.prctl(39, 0, 0, 0, 0) == 0:
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

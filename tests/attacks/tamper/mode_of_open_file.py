# fchmod and fchown work on a descriptor that may only read, or that is not even open (O_PATH and
# /proc/self/fd).
import contextlib
import os

TARGET = {}

for flags in (os.O_RDONLY, os.O_PATH):
    with contextlib.suppress(OSError):
        fd = os.open(TARGET["sentinel_file"], flags)
        with contextlib.suppress(OSError):
            os.fchmod(fd, 0o666)
        with contextlib.suppress(OSError):
            os.chmod(f"/proc/self/fd/{fd}", 0o640)
        with contextlib.suppress(OSError):
            os.fchown(fd, os.getuid(), -1)


def forward(x, w):
    return 0.0

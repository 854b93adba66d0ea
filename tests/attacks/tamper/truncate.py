# Cuts a file that everybody may write: truncate(2) takes a path and opens nothing, and O_TRUNC
# needs no write.
import contextlib
import os

TARGET = {}

for path in (TARGET["sentinel_file"], TARGET["open_file"]):
    with contextlib.suppress(OSError):
        os.truncate(path, 3)
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_RDONLY | os.O_TRUNC))


def forward(x, w):
    return 0.0

# Sets the times of files: make, rsync and `nbgrader collect` go by them. Needs no right to open.
import contextlib
import os

TARGET = {}

for path in (TARGET["sentinel_file"], TARGET["sentinel_folder"], TARGET["open_file"]):
    with contextlib.suppress(OSError):
        os.utime(path, (0, 0))
    with contextlib.suppress(OSError):
        os.utime(path)


def forward(x, w):
    return 0.0

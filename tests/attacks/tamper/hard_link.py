# A hard link changes the number of links and the change time of somebody else's file, and keeps it
# when it is deleted.
import contextlib
import os

TARGET = {}

for path in (TARGET["sentinel_file"], TARGET["open_file"]):
    for place in ("link", TARGET["drop_folder"] + "/link"):
        with contextlib.suppress(OSError):
            os.link(path, place)


def forward(x, w):
    return 0.0

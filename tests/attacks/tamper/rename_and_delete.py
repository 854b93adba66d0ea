# Renames, exchanges and deletes files, for which the folder counts and not the file.
import contextlib
import ctypes
import os

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FILE, FOLDER = TARGET["sentinel_file"], TARGET["sentinel_folder"]
with open("mine", "w") as file:
    file.write("points = 10")
LIBC.syscall(TARGET["nr"]["renameat2"], -100, b"mine", -100, FILE.encode(), 2)
for change in (
    lambda: os.replace("mine", FILE),
    lambda: os.rename(FILE, FOLDER + "/moved"),
    lambda: os.unlink(FILE),
    lambda: os.rmdir(FOLDER + "/empty"),
):
    with contextlib.suppress(OSError):
        change()


def forward(x, w):
    return 0.0

# Mounts something else over the paths of the rules, by the old call and by the new ones.
import ctypes
import os

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
LIBC.unshare(0x10020000)
HERE = os.getcwd().encode()
if LIBC.mount(b"none", HERE, b"tmpfs", 0, None) == 0:
    FOUND = TARGET["claim"]
if LIBC.mount(b"/", HERE, None, 4096 | 16384, None) == 0:
    FOUND = TARGET["claim"]
for name, words in (
    ("fsopen", (b"tmpfs", 0)),
    ("open_tree", (-100, b"/", 1)),
    ("move_mount", (-100, b"/", -100, HERE, 0)),
):
    if LIBC.syscall(TARGET["nr"][name], *words) >= 0 and name != "open_tree":
        FOUND = TARGET["claim"]
if LIBC.umount2(b"/proc", 2) == 0:
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

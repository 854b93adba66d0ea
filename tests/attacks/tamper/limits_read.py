# prlimit also tells the limits of others, which Landlock and files' modes do not prevent.
import contextlib
import resource

TARGET = {}

FOUND = "nothing"
with contextlib.suppress(OSError):
    resource.prlimit(TARGET["watched_pid"], resource.RLIMIT_NOFILE)
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

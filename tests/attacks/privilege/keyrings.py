# The kernel's keyrings belong to users and sessions, outlive processes and can be read by all of a
# user's: a note for the next submission.
import ctypes

TARGET = {}
LIBC = ctypes.CDLL(None, use_errno=True)

FOUND = "refused"
for ring in (-4, -5, -3, -2, -1):
    number = LIBC.syscall(TARGET["nr"]["add_key"], b"user", TARGET["mark"].encode(), b"x", 1, ring)
    if number > 0:
        FOUND = TARGET["claim"]
if LIBC.syscall(TARGET["nr"]["keyctl"], 1, None) > 0:
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

# Opens descriptors of its parents, the lane and the zygote and the grader: a holder of one can
# wait for them, signal them and take their files.
import os

TARGET = {}

FOUND = "refused"
for pid in (os.getppid(), TARGET["grader_pid"], TARGET["watched_pid"]):
    try:
        os.pidfd_open(pid)
        with open(f"/proc/{pid}/maps") as file:
            if file.read(10):
                FOUND = TARGET["claim"]
    except OSError:
        continue


def forward(x, w):
    raise ValueError(FOUND)

# Starts programs of the system: a shell is a comfortable place to look for more.
import os
import subprocess

TARGET = {}

FOUND = "refused"
try:
    if subprocess.run(["/bin/sh", "-c", "echo here"], capture_output=True).stdout == b"here\n":
        FOUND = TARGET["claim"]
except (OSError, subprocess.SubprocessError):
    pass
if os.system("exit 7") >> 8 == 7:
    FOUND = TARGET["claim"]


def forward(x, w):
    raise ValueError(FOUND)

# Writes a program into its own folder and runs it; and a library, which ctypes loads.
import os
import subprocess

TARGET = {}

FOUND = "refused"
try:
    with open("program", "w") as file:
        file.write("#!/bin/sh\necho here\n")
    os.chmod("program", 0o4755)
    if subprocess.run(["./program"], capture_output=True).stdout == b"here\n":
        FOUND = TARGET["claim"]
except (OSError, subprocess.SubprocessError):
    pass


def forward(x, w):
    raise ValueError(FOUND)

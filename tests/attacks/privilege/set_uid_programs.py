# Programs that run as root for every user: su, mount, passwd and their like, with what they
# read from their environment.
import os
import subprocess

TARGET = {}

FOUND = "refused"
COMMANDS = (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount"], ["newgrp"], ["passwd", "-S"])
for words in COMMANDS:
    try:
        done = subprocess.run(
            words, input=b"\n", capture_output=True, timeout=2, env={"PATH": "/usr/bin:/bin:/sbin"}
        )
    except (OSError, subprocess.SubprocessError):
        continue
    if done.stdout or done.stderr:
        FOUND = TARGET["claim"]
FOUND = TARGET["claim"] if os.geteuid() == 0 else FOUND


def forward(x, w):
    raise ValueError(FOUND)

# Other files of /proc that belong to the user and can be written: the parts of a core, the name
# of a process, its timers' slack.
import contextlib

TARGET = {}

for name, text in (("coredump_filter", "0x7f"), ("comm", "changed"), ("timerslack_ns", "1")):
    with contextlib.suppress(OSError), open(f"/proc/{TARGET['watched_pid']}/{name}", "w") as file:
        file.write(text)


def forward(x, w):
    return 0.0

"""A process that stands for all others of the grader's user, and notices attacks on it.

It is a script of its own, run by a plain Python: `python -S watched.py LOG`. It holds a secret in
its environment and a file open; it writes each signal that it gets into LOG, and says so there
when its memory was changed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND)
    for number in range(1, 65):
        if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, lambda number, _: os.write(log, b"signal %d\n" % number))
    memory = ctypes.create_string_buffer(sys.argv[2].encode())
    kept = bytes(memory.raw)
    os.write(log, b"ready\n")
    parent = os.getppid()
    while os.getppid() == parent:  # nobody needs it after its parent
        time.sleep(0.05)
        if memory.raw != kept:
            os.write(log, b"memory changed\n")
            kept = bytes(memory.raw)


class Watched:
    """A watched process, and how it was before the attack."""

    def __init__(
        self, python: Path, folder: Path, user: int | None, environment: dict[str, str], fd: int
    ) -> None:
        """Start it as `user`, with its log in `folder` and the descriptor `fd` held open."""
        self._log = folder / "watched.log"
        self._log.touch()
        script = folder / "watched.py"
        script.write_text(Path(__file__).read_text("utf-8"), "utf-8")
        if user is not None:
            os.chown(self._log, user, user)
        self._process = subprocess.Popen(
            [python, "-S", "-E", script, self._log, "untouched-" + os.urandom(8).hex()],
            env=environment,
            pass_fds=[fd],
            cwd="/",
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        self.pid = self._process.pid
        self._before: dict[str, str] = {}

    def wait_until_ready(self) -> None:
        """Wait until signals do not kill it any more, and note how it is."""
        while "ready" not in self._log.read_text():
            if self._process.poll() is not None:
                raise RuntimeError("the watched process did not start")
            time.sleep(0.01)
        self._before = self._state()

    def harm(self) -> list[str]:
        """Report the attacks on it, and end it."""
        found = self._log.read_text().split("\n")[1:-1]
        if self._process.poll() is not None:
            return [*found, f"ended with status {self._process.returncode}"]
        after = self._state()
        found += [
            f"{name} changed from {old} to {after[name]}"
            for name, old in self._before.items()
            if after[name] != old
        ]
        self._process.kill()
        self._process.wait()
        return found

    def _state(self) -> dict[str, str]:
        pid = self.pid
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        state = {
            "running": "no" if stat[0] in "Tt" else "yes",
            "nice": str(os.getpriority(os.PRIO_PROCESS, pid)),
            "affinity": str(sorted(os.sched_getaffinity(pid))),
            "scheduler": str(os.sched_getscheduler(pid)),
            "traced": str("TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()),
        }
        for name in ("comm", "oom_score_adj", "coredump_filter", "timerslack_ns"):
            with contextlib.suppress(OSError):
                state[name] = Path(f"/proc/{pid}/{name}").read_text().strip()
        for line in Path(f"/proc/{pid}/limits").read_text().splitlines()[1:]:
            state[line[:26].strip()] = line[26:].strip()
        return state

"""Load beside a test: processes that compute all the time, or in bursts of random length.

Bursts disturb the order of things more: the running process changes all the time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

# They end with the test, even if it is killed.
_STEADY = """
import os
parent = os.getppid()
while os.getppid() == parent:
    pass
"""
_BURSTS = """
import os, random, time
parent = os.getppid()
chance = random.Random({seed})
while os.getppid() == parent:
    end = time.monotonic() + chance.uniform(0.0, 0.2)
    while time.monotonic() < end:
        pass
    time.sleep(chance.uniform(0.0, 0.2))
"""


def bursts(number: int) -> AbstractContextManager[None]:
    """Run so many processes that each compute half of the time."""
    return _running([_BURSTS.format(seed=seed) for seed in range(number)])


def burners(number: int) -> AbstractContextManager[None]:
    """Run so many processes that compute all the time."""
    return _running([_STEADY] * number)


@contextmanager
def _running(programs: Sequence[str]) -> Iterator[None]:
    # A session each: some kernels share processors among sessions, not among processes.
    started = [
        subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
        for program in programs
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def processors() -> int:
    """Return how many processors there are for this process."""
    return len(os.sched_getaffinity(0))

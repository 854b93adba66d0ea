"""Wall-clock time and peak memory of commands."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from bench.paths import BenchmarkError

MIB = 1024 * 1024

Word = str | Path


def child_environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    environment = {**os.environ, **(changes or {})}
    # A setting of some development machines, under which every start compiles every module again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def run(
    command: Sequence[Word],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a command to its end and return its output; failing is an error here."""
    words = [str(word) for word in command]
    finished = subprocess.run(
        words,
        cwd=cwd,
        env=child_environment(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if finished.returncode != 0:
        tail = "\n".join(finished.stdout.splitlines()[-20:])
        raise BenchmarkError(f"{' '.join(words)} ended with {finished.returncode}:\n{tail}")
    return finished.stdout


@dataclass(frozen=True)
class Used:
    """The seconds of a command, and the resident memory of its largest process.

    Seconds of a processor are those of all its processes together; a busy machine changes them
    little.
    """

    seconds: float
    cpu_seconds: float
    mib: float


def used_by(command: Sequence[Word], cwd: Path | None = None) -> Used:
    """Run a command to its end; failing is an error here."""
    words = [str(word) for word in command]
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            tail = "".join(output.readlines()[-20:])
            raise BenchmarkError(f"{' '.join(words)} ended with {process.returncode}:\n{tail}")
    mib = usage.ru_maxrss / 1024  # Linux counts in KiB
    return Used(seconds, usage.ru_utime + usage.ru_stime, mib)


def run_each(tasks: Sequence[Callable[[], object]], at_once: int) -> None:
    """Call the tasks, at most `at_once` at a time; the first error is raised."""
    with ThreadPoolExecutor(at_once) as pool:
        for future in [pool.submit(task) for task in tasks]:
            future.result()


def seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


class PeakMemory:
    """Sample the memory of all descendants of this process, 20 times a second.

    Proportional set size counts a page shared by n processes once in total. Reading it takes the
    kernel a while, so a sampled command is never a timed one.
    """

    INTERVAL = 0.05

    def __init__(self) -> None:
        self.peak = 0
        self.all_proportional = True
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def mib(self) -> float:
        return self.peak / MIB

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        this_process = psutil.Process()
        while not self._stop.wait(self.INTERVAL):
            total = sum(map(self._size, this_process.children(recursive=True)))
            self.peak = max(self.peak, total)

    def _size(self, process: psutil.Process) -> int:
        try:
            return int(process.memory_full_info().pss)
        except psutil.AccessDenied:
            # A worker that runs under another user id: its resident size is more than its share.
            self.all_proportional = False
        except psutil.NoSuchProcess:
            return 0
        try:
            return int(process.memory_info().rss)
        except psutil.Error:
            return 0

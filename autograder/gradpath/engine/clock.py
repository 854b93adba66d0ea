"""The clock of a worker: seconds of computing, of waiting for a processor, of standing still.

A limit of so many seconds is one on the worker's own doing. What it waits for a processor, because
the machine is busy with others, is not counted. So a call is over when it has computed for that
long (CPU seconds), or when it has computed or stood still (slept, waited for a lock or the disk)
for that long and a good part of it was standing still.

Linux has the numbers: `/proc/PID/stat` has the CPU seconds of a process, of its threads and of
children that it has waited for; `schedstat` of each thread how long that was ready to run and had
no processor. Where `schedstat` is missing, nothing is taken for waiting; where there is no such
/proc at all (macOS, Windows), a limit is one on the clock on the wall.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from gradpath.engine.channel import Channel
from gradpath.worker.protocol import MAX_FRAME

_LOOK: Final = 0.25
"""Seconds between looks at the times. Most calls are answered before the first one."""
_SOON: Final = 0.01
_STILL: Final = 0.25
"""The part of a limit that a call must have stood still for the clock on the wall to end it. Below
that it computes, and ends by its CPU seconds; so the end of an endless loop never depends on the
machine."""
_CAP: Final = 6.0
"""So many times the limit on the wall is the end, even of a worker that only waits."""

Why = Literal["computing", "standing still"]


class TimeUpError(Exception):
    """A limit was reached: that of a call, or of all calls together."""

    def __init__(self, why: Why, *, altogether: bool) -> None:
        super().__init__(why)
        self.why = why
        self.altogether = altogether


@dataclass(frozen=True)
class Times:
    """Seconds that a process computed, and that it was ready to and had no processor."""

    cpu: float = 0.0
    waited: float = 0.0

    def __add__(self, other: Times) -> Times:
        return Times(self.cpu + other.cpu, self.waited + other.waited)

    def __sub__(self, other: Times) -> Times:
        return Times(self.cpu - other.cpu, self.waited - other.waited)


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall, and their use by the worker."""

    wall: float
    times: Times

    @property
    def own(self) -> float:
        """Seconds that were the worker's own doing."""
        return max(self.wall - self.times.waited, 0.0)

    def over(self, limit: float) -> Why | None:
        """Tell whether and why a limit of so many seconds is reached."""
        if self.times.cpu >= limit:
            return "computing"
        still = self.own - self.times.cpu
        if (self.own >= limit and still >= _STILL * limit) or self.wall >= _CAP * limit:
            return "standing still"
        return None

    def left(self, limit: float) -> float:
        """Return after how many seconds it may be over, if it has a processor for itself."""
        counts = self.own if self.own < limit else self.times.cpu
        return max(limit - counts, _SOON)


@dataclass(frozen=True)
class _Task:
    """A thread as the scheduler counts it, and when it was first seen so."""

    computed: int
    delay: int
    seen: float


class ProcessClock:
    """Reads the times of a process, its threads and its living descendants.

    A descendant whose parent has ended is not found any more. That gains nothing: a process
    that waits for its numbers stands still, and that counts too.
    """

    def __init__(
        self, pid: int, proc: str = "/proc", now: Callable[[], float] = time.monotonic
    ) -> None:
        """Watch a process; nothing is read yet."""
        self._pid = pid
        self._proc = proc
        self._now = now
        self._tasks: dict[str, _Task] = {}
        self._cpu = 0.0
        self._waited = 0.0

    def read(self) -> Times:
        """Return the times since the process began; a time that cannot be read stays as it was."""
        now = self._now()
        cpu = delay = pending = 0.0
        tasks: dict[str, _Task] = {}
        left = [str(self._pid)]
        while left:
            pid = left.pop()
            try:
                cpu += self._cpu_seconds(pid)
                names = os.listdir(f"{self._proc}/{pid}/task")
            except OSError:
                continue  # it has ended meanwhile, or there is no /proc
            for name in names:
                folder = f"{self._proc}/{pid}/task/{name}"
                left += _text(f"{folder}/children").split()
                task = self._task(folder, name, now)
                if task is not None:
                    tasks[name] = task
                    delay = max(delay, self._delay(name, task))
                    pending = max(pending, self._pending(folder, task, now))
        self._tasks = tasks
        self._cpu = max(self._cpu, cpu)
        # Of several threads that wait at the same time, the longest wait counts, not the sum.
        self._waited += delay
        return Times(self._cpu, self._waited + pending)

    def _cpu_seconds(self, pid: str) -> float:
        with open(f"{self._proc}/{pid}/stat", encoding="utf-8", errors="replace") as file:
            # The name before the last parenthesis may hold anything.
            fields = file.read().rpartition(")")[2].split()
        # utime and stime, and those of children that were waited for, in ticks
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def _task(self, folder: str, name: str, now: float) -> _Task | None:
        numbers = _text(f"{folder}/schedstat").split()
        if not numbers:
            return None
        computed, delay = int(numbers[0]), int(numbers[1])
        before = self._tasks.get(name)
        if before is not None and (before.computed, before.delay) == (computed, delay):
            return before
        return _Task(computed, delay, now)

    def _delay(self, name: str, task: _Task) -> float:
        before = self._tasks.get(name)
        return max(task.delay - (before.delay if before is not None else 0), 0) / 1e9

    def _pending(self, folder: str, task: _Task, now: float) -> float:
        """Return how long a thread is waiting now: the kernel counts a wait when it ends."""
        if task.seen == now or _text(f"{folder}/stat").rpartition(")")[2][1:2] != "R":
            return 0.0
        return now - task.seen


def _text(path: str) -> str:
    """Return the contents of a file of /proc, nothing if it is not there."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _delay_here() -> float:
    """Return how long this thread has waited for a processor so far."""
    numbers = _text("/proc/thread-self/schedstat").split()
    return int(numbers[1]) / 1e9 if numbers else 0.0


def knows_cpu_seconds() -> bool:
    """Tell whether this system says how long a process has computed."""
    return os.path.exists("/proc/self/stat")


class Timekeeper:
    """The seconds of one submission, of all its workers, one after another."""

    def __init__(
        self,
        call_seconds: float,
        submission_seconds: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing counts before a worker is watched and its reply is waited for."""
        self._call = call_seconds
        self.altogether = self._submission = submission_seconds
        # The clock of a call starts with the first look, so that quick calls cost nothing.
        self._look = min(_LOOK, call_seconds / 8)
        self._now = now
        self.restart()

    def limit_to(self, part: float) -> None:
        """Let all calls until the next such limit take this part of the submission's seconds."""
        self.altogether = part * self._submission

    def restart(self) -> None:
        """Count from zero again."""
        self._wall = 0.0
        self._ended = Times()
        self._clock: ProcessClock | None = None
        self._start = Times()
        self._began = self._now()
        self._first: tuple[float, Times] | None = None

    def watch(self, pid: int) -> None:
        """Begin with a worker; the time that it took to get ready is not the student's."""
        self._clock = ProcessClock(pid)
        self._start = self._clock.read()

    def unwatch(self) -> None:
        """Keep the times of a worker that is about to be ended."""
        if self._clock is not None:
            self._ended += self._clock.read() - self._start
            self._clock = None

    def receive(
        self, channel: Channel, limit: int = MAX_FRAME, *, more: bool = False
    ) -> bytes | None:
        """Wait for a reply of up to `limit` bytes, for as long as the worker may take.

        Args:
            channel: the worker's.
            limit: bytes of the longest reply.
            more: whether this is another message about the last call; the clock goes on then.

        Raises:
            TimeUpError: a limit was reached.
            ChannelError: as `Channel.receive` does.
        """
        began, late = self._now(), _delay_here() if more else 0.0
        if not more:
            self._began, self._first = began, None
        elif began - self._began >= self._look:
            self._raise_if_up(began)
        pause = max(min(self._look, self.altogether - self._wall), _SOON)
        try:
            while True:
                try:
                    return channel.receive(pause, limit)
                except TimeoutError:
                    pause = self._raise_if_up(began)
        finally:
            self._wall += self._now() - began
            if more:
                # The worker's next message may have been here before this thread had a processor.
                self._ended += Times(waited=_delay_here() - late)

    def pause(self, began: float, computed: float) -> None:
        """Count a pause, in which the course answered a question of the worker's.

        Its computing is the submission's, its waits for a processor are not.

        Args:
            began: when the question came.
            computed: seconds that this thread has computed since.
        """
        seconds = self._now() - began
        self._wall += seconds
        self._ended += Times(computed, seconds - computed)

    def charge(self, seconds: float) -> None:
        """Count computing of the course's in pauses that have been counted as waits."""
        self._ended += Times(seconds, -seconds)

    def _raise_if_up(self, began: float) -> float:
        """Look at the times; return after how many seconds to look again.

        Args:
            began: when the wait for the message began; the time before is in the sum already.

        Raises:
            TimeUpError: a limit was reached.
        """
        now, times = self._now(), self._read()
        self._first = self._first or (now, times)
        at, then = self._first
        call = Spent(now - at, times - then)
        whole = Spent(self._wall + now - began, times)
        _raise_if_over(call, self._call, altogether=False)
        _raise_if_over(whole, self.altogether, altogether=True)
        return min(self._look, call.left(self._call), whole.left(self.altogether))

    def check(self) -> None:
        """Make sure that there is time left for another call.

        Raises:
            TimeUpError: there is none.
        """
        if self._wall >= self.altogether:
            _raise_if_over(Spent(self._wall, self._read()), self.altogether, altogether=True)

    def spent(self) -> Spent:
        """Return the time of all workers together so far."""
        return Spent(self._wall, self._read())

    def _read(self) -> Times:
        if self._clock is None:
            return self._ended
        return self._ended + self._clock.read() - self._start


def _raise_if_over(spent: Spent, limit: float, *, altogether: bool) -> None:
    why = spent.over(limit)
    if why is not None:
        raise TimeUpError(why, altogether=altogether)

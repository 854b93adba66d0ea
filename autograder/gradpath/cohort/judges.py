"""Judges: processes that grade for a run, one submission after another.

One interpreter judges a hundred submissions a second, on any machine: its threads share one lock.
So a run forks judges, which have its submissions and references from then on. The run hands out
positions of submissions and takes back results; it also makes the judges' lanes, since all share
its zygote. A judge that dies is replaced, and its submission is graded again.

A judge has no command line of its own, and ends with the run, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

import msgspec

from gradpath.cohort.artifacts import Kept
from gradpath.cohort.closing import Closing
from gradpath.errors import GradpathError, WorkerError
from gradpath.grading.results import Result
from gradpath.text.languages import message_from
from gradpath.text.messages import Message
from gradpath.worker.sandbox import identity

_ATTEMPTS: Final = 3
"""Judges that may die of one submission before it is left to a person."""
_AHEAD: Final = 2
"""Submissions that a judge is given at a time, so that it never waits for the run."""
_fork = get_context("fork")


class Judged(msgspec.Struct, frozen=True):
    """A submission's result, by its position; None where it has to be graded once more, alone.

    `problems` are failures of the grader itself. With `failed`, no submission can be graded, for
    the reason of that tree. `lost` says that every judge of this submission has died.
    """

    position: int
    result: Result | None = None
    kept: Kept = Kept()
    problems: list[str] = []
    failed: Any = None
    lost: bool = False


Judge = Callable[[int], Judged]
"""Grades the submission at a position."""
_judged = msgspec.msgpack.Decoder(Judged)


@dataclass(frozen=True)
class _Process:
    process: BaseProcess
    tasks: Connection
    lanes: socket.socket
    in_hand: deque[int] = field(default_factory=deque)

    def hand(self, position: int) -> None:
        self.in_hand.append(position)
        with contextlib.suppress(ConnectionError):  # it is dead, as the next answer will show
            self.tasks.send_bytes(position.to_bytes(8))

    def answer(self) -> Judged | None:
        """Return the next answer; None from one that is dead."""
        try:
            judged = _judged.decode(self.tasks.recv_bytes())
        except (EOFError, OSError):
            return None
        self.in_hand.popleft()
        return judged

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.tasks.close()
        self.lanes.close()


class Judges(Closing):
    """The judges of a run. Use it as a context manager, in a process without other threads."""

    def __init__(
        self,
        count: int,
        begin: Callable[[socket.socket], Judge],
        lend: Callable[[socket.socket], None],
    ) -> None:
        """Fork them.

        Args:
            count: how many.
            begin: called in each new process, with a socket to ask for lanes.
            lend: answers a question that has come over the other end of such a socket.
        """
        self._begin = begin
        self._lend = lend
        # These objects stay: judges do not copy their pages.
        gc.collect()
        gc.freeze()
        self._processes: list[_Process] = []
        for _ in range(count):
            self._processes.append(self._start())

    def _start(self) -> _Process:
        ours, theirs = Pipe()
        lend, ask = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        process = _fork.Process(
            target=_serve, args=(os.getpid(), self._begin, theirs, ask), daemon=True
        )
        try:
            process.start()
        except OSError as error:
            raise WorkerError(
                Message("no judge can be started: {reason}", reason=error.strerror)
            ) from None
        finally:
            theirs.close()
            ask.close()
        return _Process(process, ours, lend)

    def grade(self, positions: Iterable[int]) -> Iterator[list[Judged]]:
        """Have submissions graded; yield the answers as they come, several where several are there.

        Judges have their next submissions by then, so that they need not wait for the caller.

        Raises:
            GradpathError: no submission can be graded.
        """
        waiting = deque(positions)
        deaths: Counter[int] = Counter()
        self._hand_out(waiting)
        while any(judge.in_hand for judge in self._processes):
            ready = wait([end for judge in self._processes for end in (judge.tasks, judge.lanes)])
            answers: list[Judged] = []
            for number, judge in enumerate(self._processes):
                if judge.lanes in ready and judge.tasks not in ready:
                    self._lend(judge.lanes)
                if judge.tasks not in ready:
                    continue
                judged = judge.answer()
                if judged is None:
                    answers += self._replace(number, waiting, deaths)
                elif judged.failed is not None:
                    raise GradpathError(message_from(judged.failed))
                else:
                    answers.append(judged)
            self._hand_out(waiting)
            if answers:
                yield answers

    def _hand_out(self, waiting: deque[int]) -> None:
        for ahead in range(_AHEAD):
            for judge in self._processes:
                # At the end each takes one, or one judge had two and another none.
                enough = not ahead or len(waiting) > _AHEAD * len(self._processes)
                if waiting and enough and len(judge.in_hand) <= ahead:
                    judge.hand(waiting.popleft())

    def _replace(self, number: int, waiting: deque[int], deaths: Counter[int]) -> list[Judged]:
        """Start another judge for one that has died, and let its submissions be graded again."""
        judge = self._processes[number]
        judge.end()
        waiting.extendleft(reversed(judge.in_hand))
        self._processes[number] = self._start()
        if not judge.in_hand:
            return []
        guilty = judge.in_hand[0]
        deaths[guilty] += 1
        if deaths[guilty] < _ATTEMPTS:
            return []
        waiting.remove(guilty)
        return [Judged(guilty, lost=True)]

    def close(self) -> None:
        """End all judges; their workers end with them."""
        for judge in self._processes:
            judge.end()


def _serve(
    run: int, begin: Callable[[socket.socket], Judge], tasks: Connection, lanes: socket.socket
) -> None:
    """Be a judge until the run has no more submissions, or is gone."""
    identity.die_with_parent()
    if os.getppid() != run:  # it was gone before it could be asked for
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's to handle
    _let_go_of_files({tasks.fileno(), lanes.fileno()})
    judge = begin(lanes)
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            judged = judge(int.from_bytes(tasks.recv_bytes()))
            tasks.send_bytes(msgspec.msgpack.encode(judged))


def _let_go_of_files(kept: set[int]) -> None:
    """Give up the run's lock, database and sockets, so that they end with it.

    Their numbers stay in use: inherited objects would close files that came to have them.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept | {null}:
            with contextlib.suppress(OSError):  # the descriptor of the listing itself
                os.dup2(null, int(name))

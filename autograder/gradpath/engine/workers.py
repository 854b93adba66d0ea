"""Workers of a grader, and workshops that make them.

A `Worker` is a channel and an end. There are two kinds: `grade` and `verify`
fork them (`engine.forked`: fast, confined, Linux), `check` starts plain subprocesses, which are
here (portable, no warm-up). So nothing that only Linux has may be imported here.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Collection
from typing import Final, Literal, Protocol

from gradpath.engine import launch
from gradpath.engine.channel import Channel, PipeChannel
from gradpath.engine.process_tree import ProcessTree
from gradpath.errors import WorkerError
from gradpath.text.messages import Message
from gradpath.worker.limits import Limits

START_SECONDS: Final = 120.0
NOT_STARTED: Final = Message(
    "the worker process could not be started; `gradpath doctor` says what is missing"
)


Ending = Literal["exited", "killed", "stopped"]
"""By itself; by a signal of its own or of a limit; or it was alive and was stopped by us."""


class Worker(Protocol):
    """A process that can load and call one submission."""

    channel: Channel

    @property
    def pid(self) -> int:
        """Its process id as this process's /proc has it."""

    def end(self, *, gone: bool = False) -> Ending:
        """Kill the worker if it still runs, and say how it ended.

        `gone` says that it has closed its channel, so that it is probably about to end.
        """


class Workshop(Protocol):
    """Makes workers for one thread of the grader."""

    def start(self, assignment: str, limits: Limits) -> Worker:
        """Start a worker for a submission to `assignment`."""

    def close(self) -> None:
        """End the workers that are still running."""


class PlainWorkshop:
    """Workers as ordinary subprocesses, without limits but the time: for `gradpath check`."""

    def __init__(self, libraries: Collection[str], first: ProcessTree) -> None:
        """Use `first`, which the caller has launched for its assignment, before any other."""
        self._libraries = libraries
        self._waiting: _PlainWorker | None = _PlainWorker(first)

    def start(self, assignment: str, limits: Limits) -> Worker:
        worker, self._waiting = self._waiting, None
        if worker is None:
            worker = _PlainWorker(launch.plain(self._libraries, assignment, limits.output_chars))
        return worker.when_ready()

    def close(self) -> None:
        if self._waiting is not None:
            self._waiting.end()
            self._waiting = None


class _PlainWorker:
    def __init__(self, process: ProcessTree) -> None:
        self.pid = process.pid
        self.channel: Channel = PipeChannel(process)
        self._process = process

    def when_ready(self) -> _PlainWorker:
        """Wait for the imports, which are not the student's to pay for."""
        try:
            ready = self.channel.receive(START_SECONDS)
        except TimeoutError:
            ready = None
        if ready is None:
            self.end()
            raise WorkerError(NOT_STARTED)
        return self

    def end(self, *, gone: bool = False) -> Ending:
        try:
            # A process closes its pipes a moment before it can be waited for.
            status = self._process.wait(1.0 if gone else 0.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return "stopped"
        finally:
            self.channel.close()
        self._process.kill()  # processes that it has left behind
        return "killed" if status < 0 and status != -signal.SIGPIPE else "exited"

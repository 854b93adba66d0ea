"""One submission in the hands of the grader: load it, call it, survive what it does."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from gradpath import codec
from gradpath.engine.workers import Worker, Workshop
from gradpath.errors import ChannelError
from gradpath.limits import Limits
from gradpath.protocol import Cell, Failure, Invoke, Load, Reply

Outcome = Literal["returned", "raised", "missing", "not_implemented", "timeout", "killed"]

_replies = codec.decoder(Reply)
_MAX_HITS: Final = 2


@dataclass(frozen=True)
class Call:
    """A call to make: of a function of the submission, or of a probe.

    `twice` asks for a second call with the same objects. `shown` is how the call is written for
    a student; hidden checks leave it empty, so that messages do not give their inputs away.
    """

    function: str
    args: tuple[Any, ...]
    probe: bool = False
    twice: bool = False
    shown: str = ""


class Observation(msgspec.Struct, frozen=True):
    """What a call led to, as plain data. `note` says what a limit or a dead process was."""

    outcome: Outcome
    value: Any = None
    again: Any = None
    arguments: list[Any] | None = None
    failure: Failure | None = None
    note: str = ""


@dataclass(frozen=True)
class Source:
    """A submission's code: the module's name and its cells, one for a .py file."""

    module: str
    cells: tuple[Cell, ...]
    notebook: bool = False


@dataclass
class Session:
    """Calls into one submission, in a worker that is replaced when it has to be killed."""

    workshop: Workshop
    assignment: str
    source: Source
    limits: Limits
    broken_cells: list[str] = field(default_factory=list)
    _worker: Worker | None = None
    _number: int = 0
    _dead: Observation | None = None
    _hits: Counter[str] = field(default_factory=Counter)
    _started: float = 0.0

    def observe(self, call: Call) -> Observation:
        """Make a call; never raises, whatever the submission does."""
        if self._dead is not None:
            return self._dead
        if self._hits[call.function] >= _MAX_HITS:
            note = f"not tried again: {call.function} hit a limit {_MAX_HITS} times"
            return Observation("timeout", note=note)
        if self._worker is None:
            self._open()
            if self._dead is not None:
                return self._dead
        self._number += 1
        args = list(call.args)
        request = Invoke(self._number, call.function, args, call.probe, call.twice)
        observation = self._exchange(codec.encode(request), self._number)
        if observation.outcome in ("timeout", "killed"):
            self._hits[call.function] += 1
        return observation

    def _open(self) -> None:
        """Start a worker and load the module in it; a failure there is the answer to all calls."""
        first = self._started == 0.0
        self._worker = self.workshop.start(self.assignment, self.limits)
        if first:
            self._started = time.monotonic()
        cells = list(self.source.cells)
        request = Load(self.source.module, cells, tolerant=self.source.notebook)
        loaded = self._exchange(codec.encode(request), 0)
        if loaded.outcome == "raised" and self.source.notebook and loaded.failure is not None:
            self.broken_cells = [str(name) for name in loaded.value or []]
            return
        if loaded.outcome != "returned":
            note = loaded.note or "your file could not be imported"
            self._dead = msgspec.structs.replace(loaded, note=f"at import: {note}")
            self._end()

    def _exchange(self, payload: bytes, number: int) -> Observation:
        if self._worker is None:
            raise AssertionError("no worker")
        left = self.limits.submission_seconds - (time.monotonic() - self._started)
        if left <= 0:
            return self._stop("timeout", self._too_long_altogether())
        seconds = min(self.limits.call_seconds, left)
        worker = self._worker
        worker.channel.send(payload)
        try:
            data = worker.channel.receive(seconds)
            if data is None:
                return self._ended()
            reply: Reply = codec.decode(data, _replies)
        except TimeoutError:
            what = f"{self.limits.call_seconds:g} s for one call"
            if seconds < self.limits.call_seconds:
                return self._stop("timeout", self._too_long_altogether())
            return self._stop("timeout", f"took longer than {what} and was stopped")
        except ChannelError:
            return self._stop("raised", "sent something that is no answer and was stopped")
        if reply.number != number:
            return self._stop("raised", "answered out of turn and was stopped")
        return self._understood(reply)

    def _too_long_altogether(self) -> str:
        total = f"{self.limits.submission_seconds:g} s"
        return f"the submission as a whole took longer than {total} and was stopped"

    def _understood(self, reply: Reply) -> Observation:
        if reply.outcome == "memory":
            # What was allocated before the limit may be still there: begin with a fresh process.
            return self._stop("killed", f"needed more than {self.limits.memory_mb} MiB of memory")
        if reply.outcome == "output":
            limit = self.limits.output_chars // 1_000_000
            return self._stop("killed", f"printed more than {limit} million characters")
        return Observation(reply.outcome, reply.value, reply.again, reply.arguments, reply.failure)

    def _ended(self) -> Observation:
        how = self._end()
        if how == "killed":
            return Observation("killed", note="crashed or was killed by a limit of the system")
        return Observation("raised", note="ended the Python process (os._exit or the like)")

    def _stop(self, outcome: Outcome, note: str) -> Observation:
        self._end()
        return Observation(outcome, note=note)

    def _end(self) -> str:
        worker, self._worker = self._worker, None
        return worker.end() if worker is not None else "exited"

    def close(self) -> None:
        """End the worker."""
        self._end()

"""One submission in the hands of the grader: load it, call it, survive it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from gradpath.engine import notes
from gradpath.engine.answerer import Answerer
from gradpath.engine.channel import TooLargeError
from gradpath.engine.clock import Spent, Timekeeper, TimeUpError
from gradpath.engine.validation import ALWAYS, observed, read_reply, refused
from gradpath.engine.workers import Ending, PlainWorkshop, Worker, Workshop
from gradpath.errors import ChannelError, WorkerLostError
from gradpath.worker import codec
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import (
    MAX_ANNOUNCED,
    MAX_FRAME,
    Call,
    Invoke,
    Load,
    Observation,
    Outcome,
    Remark,
    Reply,
    Source,
)

_MAX_HITS: Final = 2
_MAX_LEFT_OUT: Final = 2
"""Statements at the top level that end or stop a worker; after that, only definitions are run."""
_AHEAD: Final = 32_000
"""Bytes of requests that may be on their way: a socket holds several times as much, so that the
grader never waits for a worker that waits for the grader."""

MAX_REQUEST: Final = 16 << 20
"""Bytes of a call with its arguments. Those of a course are far below; answers of a submission may
become arguments, too."""
_TIMES: Final = 8
"""An answer may be so many times as large as the right one: float64 instead of float32, complex
numbers, a few columns too many."""
_SPARE: Final = 1 << 19
"""Bytes that an answer may have all the same, while there is something left of `_ALTOGETHER`."""
_ALTOGETHER: Final = 8 << 20
"""Bytes of a submission's answers beyond those that each may have. A grid where a list belongs is
an honest mistake: its shape is the best explanation."""


class TryAgainAlone(Exception):
    """A call stood still for too long, which a busy machine may have had a part in."""


@dataclass
class Session:
    """Calls into one submission, in a worker that is replaced when it has to be killed.

    A worker that dies of a signal may have done that itself, or it was somebody else: the system,
    short of memory, or a person. Nobody can tell, so `lost` says that it happened. `trusted` is the
    course's own code, which does not do that: there it raises `WorkerLostError`.

    `final` says that a time limit counts however it was reached. Otherwise one that was reached by
    standing still, not by computing, ends the session with `TryAgainAlone`.

    `functions` are those of the assignment; sessions of the course's own code need none.

    `remarks` are facts about the source's statements, as the first worker that loaded them says.
    `remarked` is how many there would be, had their number no bound. `unloaded` is why there was no
    such worker.
    """

    workshop: Workshop
    assignment: str
    source: Source
    limits: Limits
    trusted: bool = False
    final: bool = True
    answerer: Answerer | None = None
    """With one, functions are replaced by stand-ins; the time that their answers take counts."""
    lost: bool = False
    functions: Sequence[str] = ()
    remarks: list[Remark] = field(default_factory=list)
    remarked: int = 0
    unloaded: str = ""
    _worker: Worker | None = None
    _time: Timekeeper = field(init=False)
    _number: int = 0
    _call: Call | None = None
    _dead: Observation | None = None
    _spare: int = _ALTOGETHER
    _hits: dict[str, list[Observation]] = field(default_factory=dict)
    _left_out: dict[int, Remark] = field(default_factory=dict)
    _running: tuple[int, Remark] | None = None

    def __post_init__(self) -> None:
        self._time = Timekeeper(self.limits.call_seconds, self.limits.submission_seconds)

    def observe(self, call: Call) -> Observation:
        """Make a call; anything that a submission does leads to an observation.

        Raises:
            TryAgainAlone: see `final`.
            WorkerLostError: the worker of a trusted session was killed.
        """
        return self.observe_all([call])[0]

    def observe_all(self, calls: Sequence[Call]) -> list[Observation]:
        """Make calls one after another; the same as `observe` for each.

        Requests go out ahead of the replies, so that neither side waits for the other in between:
        most calls take less time than waking a process up.
        """
        observations: list[Observation] = []
        while len(observations) < len(calls):
            rest = calls[len(observations) :]
            known = self._without_a_call(rest[0])
            if known is not None:
                observations.append(known)
                continue
            sent = self._send_ahead(rest)
            if not sent:
                observations.append(Observation("raised", note=notes.NOT_SENT))
            for call, number in sent:
                observations.append(self._reply(number, call.size))
                if self._worker is None:  # it had to be stopped, or is gone; so are its requests
                    self._hits.setdefault(call.function, []).append(observations[-1])
                    break
        return observations

    def _without_a_call(self, call: Call) -> Observation | None:
        """Return an observation that needs no call, or None once a worker is there to call."""
        if self._dead is not None:
            return self._dead
        if self._is_given_up(call):
            first = self._hits[call.function][0]
            return Observation(first.outcome, note=notes.not_called_again(first.note))
        try:
            self._time.check()
        except TimeUpError as up:
            return self._time_is_up(up)
        if self._worker is None:
            self._open()
        return self._dead

    def _is_given_up(self, call: Call) -> bool:
        return len(self._hits.get(call.function, ())) >= _MAX_HITS

    def _send_ahead(self, calls: Sequence[Call]) -> list[tuple[Call, int]]:
        """Send the first of these calls, and as many more as surely fit into the channel.

        Nothing is sent of a call whose arguments are too large, or no data; it is nobody's fault
        but that of the submission whose answers they are made of.
        """
        if self._worker is None:
            raise AssertionError("no worker")
        sent: list[tuple[Call, int]] = []
        payloads: list[bytes] = []
        for call in calls:
            number = self._number + 1
            payload = _request(call, number)
            if payload is None:
                break
            if sent and (
                self.answerer is not None  # the next message is the answer to a stand-in
                or sum(map(len, payloads)) + len(payload) > _AHEAD
                or self._is_given_up(call)
            ):
                break
            self._number, self._call = number, call
            sent.append((call, number))
            payloads.append(payload)
        self._worker.channel.send(*payloads)
        return sent

    def replace(self, source: Source) -> None:
        """Go on with other code in the same worker.

        For the course's own code only, which does not have to be kept apart: it saves a process
        for each way of making each known mistake.
        """
        self.source = source
        self._dead = None
        self._hits.clear()
        self.restart_clock()
        if self._worker is not None:
            self._load()

    def restart_clock(self) -> None:
        """Give the session its seconds once more; for the course's own code, which may go on."""
        self._time.restart()
        if self._worker is not None:
            self._time.watch(self._worker.pid)

    def limit_to(self, part: float) -> None:
        """Let all calls until the next such limit take this part of the submission's seconds."""
        self._time.limit_to(part)

    def spent(self) -> Spent:
        """Return how long the calls have taken so far."""
        return self._time.spent()

    def again(self, answerer: Answerer) -> Session:
        """Return a session of the same submission with stand-ins; `close` this one first.

        Its time goes on, and statements that had to be left out are.
        """
        session = Session(
            self.workshop, self.assignment, self.source, self.limits, final=self.final
        )
        session.functions, session.answerer = self.functions, answerer
        session._time, session._dead = self._time, self._dead
        session._left_out = dict(self._left_out)
        return session

    def _open(self) -> None:
        """Start a worker and load the module in it.

        A statement that ends or stops the worker is left out in a fresh one. If nothing helps, the
        failure is the answer to all calls.
        """
        while self._worker is None and self._dead is None:
            self._worker = self.workshop.start(self.assignment, self.limits)
            self._time.watch(self._worker.pid)
            self._load()

    def _load(self) -> None:
        """Load the module in the worker; afterwards there is none if it had to be stopped."""
        if self._worker is None:
            raise AssertionError("no worker")
        request = Load(
            self.source.module,
            list(self.source.cells),
            list(self.functions),
            sorted(self._left_out),
            len(self._left_out) > _MAX_LEFT_OUT,
            list(self.answerer.names) if self.answerer is not None else [],
            self.answerer is None or self.answerer.graph,
        )
        self._running = self._call = None
        self._worker.channel.send(codec.encode(request))
        reply = self._reply(0, None)
        if isinstance(reply.value, codec.Refused):  # no honest worker has so much to say
            reply = self._stop("raised", notes.MEDDLED)
        first = not self._number  # a worker that is there before any call
        if reply.outcome == "returned":
            if first:
                self.remarks += self._left_out.values()
            return
        self._end()
        if self._running is None or request.definitions_only or self._is_time_up():
            self.unloaded = notes.not_imported(reply.note) if first else ""
            self._dead = reply
            return
        number, remark = self._running
        text = notes.left_out(reply.note, last=len(self._left_out) == _MAX_LEFT_OUT)
        self._left_out[number] = Remark("stopped", remark.where, text)

    def _is_time_up(self) -> bool:
        try:
            self._time.check()
        except TimeUpError:
            return True
        return False

    def _reply(self, number: int, size: int | None) -> Observation:
        """Wait for a reply; `size` is that of a right answer: see `Call`."""
        fair = ALWAYS + _TIMES * (size or 0)
        announced = asked = 0
        while True:
            room = max(fair, min(_SPARE, self._spare))
            if self.trusted:
                room = MAX_FRAME if size is None else max(fair, _SPARE)
            if self._worker is None:
                raise AssertionError("no worker")
            try:
                if asked:
                    self._time.check()
                try:
                    data = self._time.receive(
                        self._worker.channel, room, more=announced + asked > 0
                    )
                    if data is None:
                        return self._ended()
                    reply, used = read_reply(data, room)
                except TooLargeError as error:
                    return Observation("returned", refused(error, number))
            except TimeUpError as up:
                return self._time_is_up(up)
            except ChannelError:
                return self._stop("raised", notes.MEDDLED)
            if reply.number != number:
                return self._stop("raised", notes.MEDDLED)
            if not self.trusted:
                self._spare -= max(used - fair, 0)
            if reply.outcome == "asks" and self.answerer is not None:
                asked += 1
                if not self._answered(self.answerer, reply.value):
                    much = (
                        notes.ASKED_TOO_OFTEN if self.answerer.exhausted else notes.ASKED_FOR_MORE
                    )
                    return self._stop("raised", much)
                continue
            if reply.outcome != "running" or number or announced == MAX_ANNOUNCED:
                return self._understood(reply)
            announced += 1
            if isinstance(reply.value, int) and reply.remarks:
                self._running = (reply.value, reply.remarks[0])

    def _answered(self, answerer: Answerer, question: Any) -> bool:
        """Answer a stand-in; tell whether there was an answer."""
        if self._worker is None or self._call is None:
            return False
        began, computed = time.monotonic(), time.thread_time()
        answer = answerer.answer(self._call, question)
        self._time.pause(began, time.thread_time() - computed)
        if answer is not None:
            self._worker.channel.send(codec.encode(answer))
        return answer is not None

    def _time_is_up(self, up: TimeUpError) -> Observation:
        if up.why == "standing still" and not self.final:
            self._end()
            raise TryAgainAlone
        if up.altogether:
            note = notes.all_took_too_long(self._time.altogether)
        else:
            note = notes.took_too_long(self.limits.call_seconds)
        return self._stop("timeout", note)

    def _understood(self, reply: Reply) -> Observation:
        if reply.outcome == "memory":
            # Memory allocated before the limit may be still there: begin with a fresh process.
            return self._stop("killed", notes.needed_too_much(self.limits.memory_mb))
        if reply.outcome == "output":
            return self._stop("killed", notes.printed_too_much(self.limits.output_chars))
        if reply.outcome == "running" or reply.outcome == "asks":
            return self._stop("raised", notes.MEDDLED)
        if not self._number:
            self.remarks = list(reply.remarks)
            self.remarked = reply.value if isinstance(reply.value, int) else 0
        return observed(reply.outcome, reply, printed=isinstance(self.workshop, PlainWorkshop))

    def _ended(self) -> Observation:
        how = self._end(gone=True)
        if how != "exited":
            # "Stopped": it closed its channel, or a killed one took long to be gone.
            if self.trusted:
                raise WorkerLostError
            self.lost = True
        if how == "killed":
            return Observation("killed", note=notes.CRASHED)
        if how == "stopped":
            return Observation("raised", note=notes.MEDDLED)
        return Observation("raised", note=notes.EXITED)

    def _stop(self, outcome: Outcome, note: str) -> Observation:
        self._end()
        return Observation(outcome, note=note)

    def _end(self, *, gone: bool = False) -> Ending:
        worker, self._worker = self._worker, None
        if worker is None:
            return "exited"
        self._time.unwatch()
        return worker.end(gone=gone)

    def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._time.unwatch()
            worker.end()
        answerer, self.answerer = self.answerer, None
        if answerer is not None:
            self._time.charge(answerer.computed())


def _request(call: Call, number: int) -> bytes | None:
    """Return the message of a call; None when its arguments are too large, or no data."""
    if call.packed is None and codec.size(call.args) > MAX_REQUEST:
        return None
    try:
        given: Any = list(call.args) if call.packed is None else msgspec.Raw(call.packed)
        invoke = Invoke(number, call.function, given, call.probe, call.twice, call.watched)
        return codec.encode(invoke)
    except (ChannelError, TypeError, ValueError, OverflowError, RecursionError):
        return None

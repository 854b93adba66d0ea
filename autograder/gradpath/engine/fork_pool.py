"""Workers that are forked from a zygote: how `grade` gets them."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Collection, Sequence
from typing import Final, Protocol

import msgspec

from gradpath.engine import launch
from gradpath.engine.channel import Channel, SocketChannel
from gradpath.engine.scratch import Scratch
from gradpath.engine.workers import NOT_STARTED, START_SECONDS, Ending, Worker
from gradpath.errors import WorkerError
from gradpath.text.messages import Message
from gradpath.worker.confine import FIRST_UID, MAX_UIDS
from gradpath.worker.limits import Limits
from gradpath.worker.sandbox.layers import Layers
from gradpath.worker.zygote import READY, STOPPED, Answer, Control, End, MakeLane, Start

_END_SECONDS: Final = 30.0
_ENDED: Final = Message("the run has been ended")
_LANE: Final = b"lane"
_answers = msgspec.msgpack.Decoder(Answer)


class LaneLostError(Exception):
    """The lane does not answer any more: a submission killed it."""


def _send(control: socket.socket, message: Control, *sockets: socket.socket) -> None:
    payload = msgspec.msgpack.encode(message)
    try:
        if sockets:
            socket.send_fds(control, [payload], [sock.fileno() for sock in sockets])
        else:
            control.send(payload)
    except (OSError, TimeoutError):
        raise LaneLostError from None


def _receive(control: socket.socket) -> Answer:
    try:
        data = control.recv(256)
    except (OSError, TimeoutError):
        raise LaneLostError from None
    if not data:
        raise LaneLostError
    return _answers.decode(data)


class Zygote:
    """The process that imports once and forks lanes; one a run, shared by all threads."""

    def __init__(
        self,
        libraries: Collection[str],
        assignments: Sequence[str],
        layers: Layers,
        allowed: Collection[str] = (),
    ) -> None:
        """Start it; it gets ready in the background (`lane` waits).

        Args:
            libraries: the modules to import beforehand: `torch`, `matplotlib`.
            assignments: slugs; the zygote imports their probes.
            layers: the layers around submissions; see `gradpath.engine.isolation.level`.
            allowed: the modules that submissions may import besides these libraries, NumPy and
                the standard library.
        """
        self.layers = layers
        self._libraries = sorted(libraries)
        self._allowed = sorted(allowed)
        self._assignments = list(assignments)
        self._lock = threading.Lock()
        self._ready = False
        self._closed = False
        # All that submissions write goes below here, and with it when the run ends. Their user ids
        # may pass through, and see nothing.
        self._scratch = Scratch()
        self._start()

    def _start(self) -> None:
        ours, theirs = _socket_pair()
        argv = [sys.executable, "-m", "gradpath.worker", "zygote", "--fd", str(theirs.fileno())]
        argv += ["--libraries", ",".join(self._libraries), "--allowed", ",".join(self._allowed)]
        argv += ["--assignments", ",".join(self._assignments), "--layers", self.layers.names]
        environment = launch.environment() | {"TMPDIR": self._scratch.path}
        self._process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=environment
        )
        theirs.close()
        self._control = ours
        self._control.settimeout(START_SECONDS)
        self._ready = False

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        try:
            data = self._control.recv(256)
        except OSError:
            data = b""
        if not data:
            raise WorkerError(NOT_STARTED)
        self._ready = True

    def lane(self) -> socket.socket:
        """Fork a lane and return its socket; a zygote that is gone is started anew first."""
        with self._lock:
            for attempt in range(2):
                if self._closed:  # a thread that has not heard of it yet
                    raise WorkerError(_ENDED)
                self._wait_until_ready()
                ours, theirs = _socket_pair()
                try:
                    _send(self._control, MakeLane(), theirs)
                    _receive(self._control)
                except LaneLostError:
                    if self._closed:
                        raise WorkerError(_ENDED) from None
                    if attempt:
                        raise WorkerError(Message("the worker process keeps ending")) from None
                    self._stop()
                    self._start()
                    continue
                finally:
                    theirs.close()
                return ours
        raise AssertionError("unreachable")

    def lend(self, asked: socket.socket) -> None:
        """Answer another process, which has asked for a lane; see `LentLanes`."""
        with contextlib.suppress(ConnectionError):
            if asked.recv(len(_LANE)):  # else that process has just ended
                with self.lane() as lane:
                    socket.send_fds(asked, [_LANE], [lane.fileno()])

    def _stop(self) -> None:
        self._control.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End the zygote; lanes and workers end with it."""
        self._closed = True
        self._stop()
        self._scratch.close()


class Lanes(Protocol):
    """Where a workshop's lane comes from."""

    @property
    def layers(self) -> Layers:
        """The layers around submissions."""

    def lane(self) -> socket.socket:
        """Fork a lane and return its socket."""


class LentLanes:
    """The lanes of a zygote that belongs to another process, asked for over a socket."""

    def __init__(self, asking: socket.socket, layers: Layers) -> None:
        """Take the socket of which `Zygote.lend` has the other end."""
        self._asking = asking
        self.layers = layers

    def lane(self) -> socket.socket:
        """Ask for a lane and return its socket."""
        try:
            self._asking.send(_LANE)
            _, descriptors, _, _ = socket.recv_fds(self._asking, len(_LANE), 1)
        except OSError:
            descriptors = []
        if not descriptors:
            raise WorkerError(_ENDED)
        return socket.socket(fileno=descriptors[0])


class UserId:
    """A user id that no other run on this machine gives its submissions meanwhile.

    Limits on processes count all processes of a user, and a user may signal all of them.
    """

    def __init__(self) -> None:
        """Take the first free one."""
        for uid in range(FIRST_UID, FIRST_UID + MAX_UIDS):
            # A name that only one socket can have, and that the system frees with its process.
            self._claim = socket.socket(socket.AF_UNIX)
            try:
                self._claim.bind(f"\0gradpath-user-{uid}")
            except OSError:
                self._claim.close()
                continue
            self.number = uid
            return
        raise WorkerError(
            Message("no user id is free for submissions; is another grader still running?")
        )

    def close(self) -> None:
        """Give it back."""
        self._claim.close()


class ForkWorkshop:
    """Forked workers from a lane of its own; used by one thread.

    Nobody waits for the end of a submission's worker. Behind it the lane forks another one of the
    same kind, which puts on its layers while the grader judges: the next submission finds it ready.
    """

    def __init__(self, lanes: Lanes, *, trusted: bool = False) -> None:
        """Prepare; a lane and a user id are taken with the first worker.

        Args:
            lanes: where the lane comes from.
            trusted: for the course's own code (solutions), which needs no user id of its own.
        """
        self._lanes = lanes
        self._trusted = trusted
        self._user: UserId | None = None
        self._control: socket.socket | None = None
        self._unread = 0
        """Answers of the lane that are still to come."""
        self._ahead: tuple[Start, socket.socket] | None = None
        """The worker that the lane was asked for last, if it waits for a submission."""
        self._closed = False

    def start(self, assignment: str, limits: Limits) -> Worker:
        if self._user is None and self._lanes.layers.uid and not self._trusted:
            self._user = UserId()
        uid = self._user.number if self._user is not None else None
        for _ in range(3):
            self._must_be_open()
            try:
                worker = self._started(Start(assignment, limits, uid, self._trusted))
            except LaneLostError:
                continue
            if worker.is_ready():
                return worker
            worker.end()
        raise WorkerError(
            Message("no worker can be forked; is this machine out of memory or processes?")
        )

    def _started(self, request: Start) -> _ForkedWorker:
        """Return the worker that was asked for ahead, or another one of another kind."""
        if self._ahead is not None and self._ahead[0] != request:
            other = self._started(self._ahead[0])
            other.channel.close()
            self._tell(End(other.known_as))
        ours = self._ahead[1] if self._ahead is not None else self._ask_for(request)
        self._ahead = None
        return _ForkedWorker(self, request, self._answer(), SocketChannel(ours))

    def _ask_for(self, request: Start) -> socket.socket:
        """Ask for a worker and return its socket; whether there is one, the answer will tell."""
        if self._control is None:
            self._control = self._lanes.lane()
            self._control.settimeout(_END_SECONDS)
        ours, theirs = socket.socketpair()
        try:
            self._tell(request, theirs)
        except LaneLostError:
            ours.close()
            raise
        finally:
            theirs.close()
        return ours

    def end(self, worker: _ForkedWorker, *, gone: bool) -> Ending:
        """End a worker; without waiting, unless it is gone by itself and how is of interest."""
        try:
            self._tell(End(worker.known_as, gone))
            status = self._answer().value if gone else STOPPED
            if not self._trusted and self._control is not None:
                self._ahead = worker.request, self._ask_for(worker.request)
        except LaneLostError:
            if gone:
                self._must_be_open()
            return "killed"
        if status == STOPPED:
            return "stopped"
        return "killed" if os.WIFSIGNALED(status) else "exited"

    def _tell(self, message: Control, *sockets: socket.socket) -> None:
        if self._control is None:
            raise LaneLostError
        try:
            _send(self._control, message, *sockets)
        except LaneLostError:
            self._lose_lane()
            raise
        self._unread += 1

    def _answer(self) -> Answer:
        """Wait for the answer to the last message."""
        if self._control is None:
            raise LaneLostError
        try:
            while self._unread > 1:
                _receive(self._control)
                self._unread -= 1
            self._unread = 0
            return _receive(self._control)
        except LaneLostError:
            self._lose_lane()
            raise

    def _lose_lane(self) -> None:
        control, ahead = self._control, self._ahead
        self._control, self._ahead, self._unread = None, None, 0
        if control is not None:
            control.close()
        if ahead is not None:
            ahead[1].close()

    def _must_be_open(self) -> None:
        """Refuse to go on in a run that has been ended: how its workers end says nothing.

        Raises:
            WorkerError: this is closed.
        """
        if self._closed:
            raise WorkerError(_ENDED)

    def close(self) -> None:
        self._closed = True  # before the lane ends, and takes the worker in hand along
        self.release()

    def release(self) -> None:
        """End the lane, and with it its workers; the next worker has another one."""
        self._lose_lane()
        if self._user is not None:
            self._user.close()
            self._user = None


class _ForkedWorker:
    def __init__(
        self, workshop: ForkWorkshop, request: Start, started: Answer, channel: Channel
    ) -> None:
        self.channel = channel
        self.request = request
        self.pid = started.seen
        self.known_as = started.value
        """Its process id as its lane has it."""
        self._workshop = workshop

    def is_ready(self) -> bool:
        """Wait until it has given up its rights."""
        try:
            return self.channel.receive(_END_SECONDS) == READY
        except TimeoutError:
            return False

    def end(self, *, gone: bool = False) -> Ending:
        self.channel.close()
        return self._workshop.end(self, gone=gone)


def _socket_pair() -> tuple[socket.socket, socket.socket]:
    # Sequenced packets keep the borders between messages, and tell when the other side is gone.
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

"""Workers that are forked from a zygote: how `grade` gets them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Collection, Sequence
from typing import Final

import msgspec

from gradpath.engine import launch
from gradpath.engine.channel import Channel, SocketChannel
from gradpath.engine.scratch import Scratch
from gradpath.engine.workers import NOT_STARTED, START_SECONDS, Ending, Worker
from gradpath.errors import WorkerError
from gradpath.worker.confine import FIRST_UID, MAX_UIDS
from gradpath.worker.limits import Limits
from gradpath.worker.sandbox.layers import Layers
from gradpath.worker.zygote import READY, STOPPED, Answer, Control, End, MakeLane, Start

_END_SECONDS: Final = 30.0
_ENDED: Final = "the run has been ended"
_answers = msgspec.msgpack.Decoder(Answer)


class LaneLostError(Exception):
    """The lane does not answer any more: a submission killed it."""


def _exchange(control: socket.socket, message: Control, *sockets: socket.socket) -> Answer:
    payload = msgspec.msgpack.encode(message)
    try:
        if sockets:
            socket.send_fds(control, [payload], [sock.fileno() for sock in sockets])
        else:
            control.send(payload)
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
                    _exchange(self._control, MakeLane(), theirs)
                except LaneLostError:
                    if self._closed:
                        raise WorkerError(_ENDED) from None
                    if attempt:
                        raise WorkerError("the worker process keeps ending") from None
                    self._stop()
                    self._start()
                    continue
                finally:
                    theirs.close()
                return ours
        raise AssertionError("unreachable")

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
        raise WorkerError("no user id is free for submissions; is another grader still running?")

    def close(self) -> None:
        """Give it back."""
        self._claim.close()


class ForkWorkshop:
    """Forked workers from a lane of its own; used by one thread."""

    def __init__(self, zygote: Zygote, number: int, *, trusted: bool = False) -> None:
        """Attach to a zygote.

        Args:
            zygote: where the lane comes from.
            number: a number of its own for each workshop.
            trusted: for the course's own code (solutions), which needs no user id of its own.
        """
        self._zygote = zygote
        self._number = number
        self._trusted = trusted
        self._user = UserId() if zygote.layers.uid and not trusted else None
        self._control: socket.socket | None = None
        self._closed = False

    def start(self, assignment: str, limits: Limits) -> Worker:
        for _ in range(3):
            self._must_be_open()
            if self._control is None:
                self._control = self._zygote.lane()
                self._control.settimeout(_END_SECONDS)
            ours, theirs = socket.socketpair()
            try:
                uid = self._user.number if self._user is not None else None
                started = self._ask(Start(assignment, limits, uid, self._trusted), theirs)
            except LaneLostError:
                ours.close()
                continue
            finally:
                theirs.close()
            worker = _ForkedWorker(self, started, SocketChannel(ours))
            if worker.is_ready():
                return worker
            worker.end()
        raise WorkerError("no worker can be forked; is this machine out of memory or processes?")

    def _ask(self, message: Control, *sockets: socket.socket) -> Answer:
        if self._control is None:
            raise LaneLostError
        try:
            return _exchange(self._control, message, *sockets)
        except LaneLostError:
            self._control.close()
            self._control = None
            raise

    def _must_be_open(self) -> None:
        """Refuse to go on in a run that has been ended: how its workers end says nothing.

        Raises:
            WorkerError: this is closed.
        """
        if self._closed:
            raise WorkerError(_ENDED)

    def close(self) -> None:
        self._closed = True  # before the lane ends, and takes the worker in hand along
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._user is not None:
            self._user.close()


class _ForkedWorker:
    def __init__(self, workshop: ForkWorkshop, started: Answer, channel: Channel) -> None:
        self.channel = channel
        self.pid = started.seen
        self._pid = started.value  # as its lane knows it
        self._workshop = workshop

    def is_ready(self) -> bool:
        """Wait until it has given up its rights."""
        try:
            return self.channel.receive(_END_SECONDS) == READY
        except TimeoutError:
            return False

    def end(self, *, gone: bool = False) -> Ending:
        self.channel.close()
        try:
            status = self._workshop._ask(End(self._pid, gone)).value
        except LaneLostError:
            if gone:
                self._workshop._must_be_open()
            return "killed"
        if status == STOPPED:
            return "stopped"
        return "killed" if os.WIFSIGNALED(status) else "exited"


def _socket_pair() -> tuple[socket.socket, socket.socket]:
    # Sequenced packets keep the borders between messages, and tell when the other side is gone.
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

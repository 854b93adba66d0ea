"""Where workers come from: import once, fork a child for each submission.

Three generations of processes. The *zygote* imports torch and NumPy, then forks a *lane* for each
grading thread. A lane forks one *worker* for a submission, kills it at its end together with all
that descends from it, and so never lets one submission meet the next. A lane that a submission
managed to kill is replaced by a fresh one from the zygote.

The grader talks to the zygote and to a lane over a Unix socket of messages, one at a time:

    zygote:  LANE  + socket                    ->  pid
    lane:    START + socket + limits           ->  pid of the worker
             END   + pid                       ->  how it ended
"""

from __future__ import annotations

import functools
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

import msgspec

from gradpath.limits import Limits
from gradpath.worker import confine
from gradpath.worker.serve import Probe, serve

MAX_MESSAGE: Final = 4096
_REAP_SECONDS: Final = 5.0


class MakeLane(msgspec.Struct, frozen=True, tag="lane"):
    """Fork a lane; its socket comes with the message."""


class Start(msgspec.Struct, frozen=True, tag="start"):
    """Fork a worker; its socket comes with the message."""

    assignment: str
    limits: Limits
    uid: int | None = None


class End(msgspec.Struct, frozen=True, tag="end"):
    """Kill a worker, reap it and clean up behind it."""

    pid: int


class Answer(msgspec.Struct, frozen=True):
    """A process id; or the wait status of the worker that ended."""

    value: int


Control = MakeLane | Start | End
_controls = msgspec.msgpack.Decoder(Control)
Probes = Mapping[str, Mapping[str, Probe]]


def run(control: socket.socket, probes: Probes) -> None:
    """Serve lanes until the grader closes the socket."""
    confine.die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # lanes are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    control.send(msgspec.msgpack.encode(Answer(os.getpid())))
    while True:
        message, sockets = _receive(control)
        if message is None:
            return
        assert_single_threaded()
        pid = os.fork()
        if pid == 0:
            control.close()
            _as_process(functools.partial(_lane, sockets[0], probes))
        for sock in sockets:
            sock.close()
        control.send(msgspec.msgpack.encode(Answer(pid)))


def assert_single_threaded() -> None:
    """Refuse to fork with threads around: locks they hold would stay locked in the child."""
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"the zygote has {threads} threads; a fork would hang the child")


def _as_process(body: Callable[[], None]) -> NoReturn:
    """Run `body` as the rest of this forked process's life."""
    try:
        body()
    except BaseException:
        os._exit(70)
    os._exit(0)


def _receive(control: socket.socket) -> tuple[Control | None, list[socket.socket]]:
    data, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 1)
    sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    return (_controls.decode(data) if data else None), sockets


def _lane(control: socket.socket, probes: Probes) -> None:
    confine.die_with_parent()
    confine.adopt_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    workers: dict[int, str] = {}
    while True:
        message, sockets = _receive(control)
        if message is None:
            break
        if isinstance(message, Start):
            pid, scratch = _start(message, control, sockets[0], probes[message.assignment])
            workers[pid] = scratch
            control.send(msgspec.msgpack.encode(Answer(pid)))
        elif isinstance(message, End):
            status = _end(message.pid, workers)
            control.send(msgspec.msgpack.encode(Answer(status)))
    for pid in list(workers):
        _end(pid, workers)


def _start(
    message: Start, control: socket.socket, channel: socket.socket, probes: Mapping[str, Probe]
) -> tuple[int, str]:
    scratch = tempfile.mkdtemp(prefix="gradpath-")
    if message.uid is not None:
        os.chown(scratch, message.uid, message.uid)
    assert_single_threaded()
    pid = os.fork()
    if pid == 0:

        def worker() -> None:
            fd = confine.confine(message.limits, channel.fileno(), scratch, message.uid)
            serve(fd, fd, probes, message.limits.output_chars)

        _as_process(worker)
    channel.close()
    return pid, scratch


def _end(pid: int, workers: dict[int, str]) -> int:
    """Kill the worker and every process that descends from it; return the wait status.

    Orphans are adopted by this lane, so what is left to kill are its children, again and again,
    until no unknown one is left.
    """
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended == 0:
        os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
    scratch = workers.pop(pid)
    deadline = time.monotonic() + _REAP_SECONDS
    while strays := [child for child in confine.descendants() if child not in workers]:
        for child in strays:
            os.kill(child, signal.SIGKILL)
        for child in strays:
            os.waitpid(child, 0)
        if time.monotonic() > deadline:
            break
    confine.remove_scratch(scratch)
    return status

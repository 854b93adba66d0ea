"""Where workers come from: import once, fork a child for each submission.

Three generations of processes. The *zygote* imports torch and NumPy, then forks a *lane* for each
grading thread. A lane forks one *worker* for a submission, kills it at its end together with all
that descends from it, and so never lets one submission meet the next. A lane that a submission
managed to kill is replaced by a fresh one from the zygote.

The grader talks to the zygote and to a lane over a Unix socket of messages, one at a time:

    zygote:  LANE  + socket                    ->  pid
    lane:    START + socket + limits           ->  pid of the worker
             END   + pid                       ->  how it ended, or that it had to be killed

On its own socket a worker says `READY` once it has given up its rights: a failure before
that is the grader's fault, a later one is the submission's.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final, NoReturn

import msgspec

from gradpath.worker import confine
from gradpath.worker.confine import Plan
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import frame
from gradpath.worker.sandbox import identity, kernel, namespaces
from gradpath.worker.sandbox.layers import Layers
from gradpath.worker.serve import Probe, serve

MAX_MESSAGE: Final = 4096
READY: Final = b"ready"
STOPPED: Final = -1
"""Instead of a wait status: the worker was alive and was killed by its lane."""
_LARGE_PAGE: Final = 2 << 20
_REAP_SECONDS: Final = 5.0
_GONE_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.25


class MakeLane(msgspec.Struct, frozen=True, tag="lane"):
    """Fork a lane; its socket comes with the message."""


class Start(msgspec.Struct, frozen=True, tag="start"):
    """Fork a worker; its socket comes with the message."""

    assignment: str
    limits: Limits
    uid: int | None = None
    trusted: bool = False
    """The course's own code: limited, but not put behind the layers."""


class End(msgspec.Struct, frozen=True, tag="end"):
    """Kill a worker, reap it and clean up behind it.

    `gone` says that it has closed its socket: it is ending by itself, and how is of interest.
    """

    pid: int
    gone: bool = False


class Answer(msgspec.Struct, frozen=True):
    """A process id; or the wait status of the worker that ended, or `STOPPED`.

    `seen` is the process id as the grader's /proc has it: in a list of processes of their own they
    have other ones.
    """

    value: int
    seen: int = 0


Control = MakeLane | Start | End
_controls = msgspec.msgpack.Decoder(Control)
Probes = Mapping[str, Mapping[str, Probe]]


def run(control: socket.socket, probes: Probes, layers: Layers, listed: confine.Listed) -> None:
    """Serve lanes until the grader closes the socket; `listed` has the files to be read."""
    identity.die_with_parent()
    confine.set_environment()
    plan = confine.prepare(layers, listed)
    # Processes of a submission that has killed its lane fall to the zygote.
    confine.adopt_orphans()
    _use_large_pages()
    lanes: set[int] = set()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # lanes are reaped by the kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
    try:
        control.send(msgspec.msgpack.encode(Answer(os.getpid())))
    except BrokenPipeError:  # the grader has found something wrong meanwhile, and ended
        return
    while True:
        message, sockets = _receive(control)
        if message is None:
            return
        if not layers.namespaces:  # there they end with the worker
            for stray in confine.descendants():
                if stray not in lanes:
                    confine.kill(stray, signal.SIGKILL)
        assert_single_threaded()
        pid = os.fork()
        if pid == 0:
            control.close()
            _as_process(functools.partial(_lane, sockets[0], probes, plan))
        lanes.add(pid)
        for sock in sockets:
            sock.close()
        control.send(msgspec.msgpack.encode(Answer(pid)))


def _use_large_pages() -> None:
    """Put the memory of this process into large pages, where the system has them.

    A fork copies an entry for each page, and the end of the copy drops it again: with torch that
    is half of the time of a worker that does nothing.
    """
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
        regions = [line.split() for line in file]
    for addresses, rights, _, _, _, *name in regions:
        if rights == "rw-p" and name in ([], ["[heap]"]):
            begin, end = (int(address, 16) for address in addresses.split("-"))
            begin, end = -(-begin // _LARGE_PAGE) * _LARGE_PAGE, end // _LARGE_PAGE * _LARGE_PAGE
            with contextlib.suppress(OSError):  # an older kernel, or no large page is free
                if begin < end:
                    kernel.collapse(begin, end - begin)


def assert_single_threaded() -> None:
    """Refuse to fork with threads around: locks they hold would stay locked in the child."""
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"the zygote has {threads} threads; a fork would hang the child")


def _as_process(body: Callable[[], None]) -> NoReturn:
    """Run `body` as the rest of this forked process's life."""
    try:
        body()
    except MemoryError:
        # So short of memory that not even saying so was possible.
        os.kill(os.getpid(), signal.SIGKILL)
    except BaseException:
        os._exit(70)
    os._exit(0)


def _receive(control: socket.socket) -> tuple[Control | None, list[socket.socket]]:
    try:
        data, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 1)
    except ConnectionResetError:  # closed before our last message was read
        return None, []
    sockets = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    return (_controls.decode(data) if data else None), sockets


def _lane(control: socket.socket, probes: Probes, plan: Plan) -> None:
    identity.die_with_parent()
    confine.adopt_orphans()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    plan = confine.for_lane(plan)
    workers: dict[int, str] = {}
    # In a namespace the folder has a size; elsewhere it is looked at from time to time.
    control.settimeout(None if plan.layers.namespaces else _LOOK_SECONDS)
    while True:
        try:
            message, sockets = _receive(control)
        except TimeoutError:
            _stop_who_fills_the_disk(workers)
            continue
        if message is None:
            break
        if isinstance(message, Start):
            pid, scratch = _start(message, sockets[0], probes[message.assignment], plan)
            workers[pid] = scratch
            answer = Answer(pid, _seen(pid, plan))
        elif isinstance(message, End):
            answer = Answer(_end(message.pid, workers, message.gone, plan))
        else:
            raise AssertionError(message)
        with contextlib.suppress(BrokenPipeError):  # as the next message will tell
            control.send(msgspec.msgpack.encode(answer))
    for pid in list(workers):
        _end(pid, workers, False, plan)
    confine.leave_lane(plan)


def _stop_who_fills_the_disk(workers: Mapping[int, str]) -> None:
    for pid, scratch in workers.items():
        if not confine.is_small(scratch):
            confine.kill(pid, signal.SIGKILL)


def _seen(pid: int, plan: Plan) -> int:
    """Return a child's process id as /proc, which is the grader's, has it."""
    if not plan.layers.namespaces:
        return pid
    descriptor = os.pidfd_open(pid)
    try:
        with open(f"/proc/self/fdinfo/{descriptor}", encoding="ascii") as file:
            return int(file.read().partition("\nPid:")[2].split()[0])
    finally:
        os.close(descriptor)


def _start(
    message: Start, channel: socket.socket, probes: Mapping[str, Probe], plan: Plan
) -> tuple[int, str]:
    own = not message.trusted and plan.folder
    scratch = own or confine.make_scratch()
    if message.uid is not None and not own:
        os.chown(scratch, message.uid, message.uid)
    if plan.own_list is not None:
        namespaces.next_child_is_first(plan.own_list)
    assert_single_threaded()
    pid = os.fork()
    if pid == 0:

        def worker() -> None:
            limits, fd = message.limits, channel.fileno()
            if message.trusted:
                fd = confine.confine_own_code(limits, fd, scratch)
            else:
                fd = confine.confine(plan, limits, fd, scratch, message.uid)
            os.write(fd, frame(READY))
            serve(fd, fd, probes, message.limits.output_chars)

        _as_process(worker)
    channel.close()
    return pid, scratch


def _end(pid: int, workers: dict[int, str], gone: bool, plan: Plan) -> int:
    """Kill the worker and every process that descends from it; return how the worker ended.

    As the first process of a list of its own it takes them all along. Without that, orphans are
    adopted by this lane, so that nothing that a worker started can leave its descendants.
    """
    # A process closes its files a moment before it can be waited for.
    ended = _wait(pid, _GONE_SECONDS if gone else 0.0)
    if not ended:
        confine.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    scratch = workers.pop(pid)
    if not plan.layers.namespaces:
        _kill_strays(workers)
    if scratch != plan.folder:
        confine.remove_scratch(scratch)
    return status if ended else STOPPED


def _wait(pid: int, seconds: float) -> bool:
    """Tell whether a child ends within so many seconds."""
    deadline = time.monotonic() + seconds
    while not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.001)
    return True


def _kill_strays(workers: dict[int, str]) -> None:
    """Kill the processes that a worker has started, however fast they fork.

    First every process is stopped, until no new one appears; stopped processes do not fork. Only
    then they are killed, and their children turn up here, until there are none.
    """
    deadline = time.monotonic() + _REAP_SECONDS
    while strays := [child for child in confine.descendants() if child not in workers]:
        frozen: set[int] = set()
        while new := confine.tree(strays) - frozen:
            for pid in new:
                confine.kill(pid, signal.SIGSTOP)
            frozen |= new
            strays = [child for child in confine.descendants() if child not in workers]
            if time.monotonic() > deadline:
                return
        for pid in frozen:
            confine.kill(pid, signal.SIGKILL)
        for child in strays:
            os.waitpid(child, 0)

"""The layers that this machine has, found out by attempting the acts that each forbids.

That a call to set a layer up succeeds proves little: filters of a container, old kernels and
modules of distributions make it succeed and do nothing. So a throw-away process puts a layer on and
tries the acts that must be impossible; the layer counts when each attempt fails, and when a
submission can still work.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import resource
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradpath.worker.sandbox import identity, kernel, landlock, namespaces, seccomp
from gradpath.worker.sandbox import readable_paths as readable
from gradpath.worker.sandbox.layers import Layer, Layers, choose
from gradpath.worker.sandbox.system_calls import Machine, this_machine

PROBE_UID: Final = 60_999
"""Just below those that submissions get."""

_PTRACE_ATTACH: Final = 16
_TRIES: Final = 3


class _NotHeldError(Exception):
    """An act that the layer forbids was possible; the text names it."""


@dataclass(frozen=True)
class Findings:
    """The layers of a machine.

    Attributes:
        layers: the strongest combination.
        missing: for each layer that is not there, why.
    """

    layers: Layers
    missing: dict[str, str]


@dataclass(frozen=True)
class _Target:
    """The targets of attempts: a file, a listening port and the probing process itself."""

    file: str
    scratch: str
    port: int
    pid: int


def examine(without: Collection[str] = ()) -> Findings:
    """Try every layer, but those in `without`."""
    machine = this_machine()
    if machine is None:
        why = f"the filters are written for x86-64 and aarch64, and this is {os.uname().machine}"
        return Findings(Layers(), dict.fromkeys(("namespaces", "landlock", "seccomp"), why))
    attempts: dict[Layer, Callable[[Machine, _Target], None]] = {
        "namespaces": _namespaces,
        "uid": _uid,
        "landlock": _landlock,
        "seccomp": _seccomp,
    }
    missing: dict[str, str] = {}
    with (
        tempfile.TemporaryDirectory(prefix="gradpath-probe-") as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        file = Path(folder, "file")
        file.write_text("secret", encoding="ascii")
        file.chmod(0o600)
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        port = listener.getsockname()[1]
        target = _Target(str(file), str(scratch), port, os.getpid())
        for layer, attempt in attempts.items():
            if layer in without:
                missing[layer] = "left out on request"
                continue
            why = _in_a_child(lambda attempt=attempt: attempt(machine, target))  # type: ignore[misc]
            if why:
                missing[layer] = why
    works = [layer for layer in attempts if layer not in missing]
    return Findings(choose(works), missing)


def _in_a_child(body: Callable[[], None], prepare: Callable[[], None] = lambda: None) -> str:
    """Run `body` in a forked process; return why it failed, or nothing.

    A system short of memory kills any process, and no filter of ours kills in that way: a killed
    attempt says nothing about a layer, and is made again, `prepare` included.
    """
    for _ in range(_TRIES):
        prepare()
        why, status = _once_in_a_child(body)
        if not _was_killed(status):
            return why
    return "it was killed from outside, again and again"


def _was_killed(status: int) -> bool:
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _once_in_a_child(body: Callable[[], None]) -> tuple[str, int]:
    """Run `body` in a forked process; return why it failed, or nothing, and how it ended."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        text = ""
        try:
            body()
        except _NotHeldError as error:
            text = f"it does not hold: {error}"
        except OSError as error:
            text = _explained(error)
        except BaseException as error:
            text = f"{type(error).__name__}: {error}"
        os.write(writing, text.encode() or b"\0")
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        message = file.read()
    _, status = os.waitpid(pid, 0)
    return "it ended unexpectedly" if not message else message.decode().strip("\0"), status


def _explained(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    name = errno.errorcode.get(error.errno or 0, "error")
    return f"refused here: {name}, {os.strerror(error.errno or 0)}{where}"


def _refused(possible: str, attempt: Callable[[], object]) -> None:
    """Make an attempt that must fail.

    Raises:
        _NotHeldError: it did not.
    """
    try:
        attempt()
    except OSError:
        return
    raise _NotHeldError(possible)


def _namespaces(machine: Machine, target: _Target) -> None:
    as_root = os.geteuid() == 0

    def last() -> None:
        namespaces.leave_the_rest(
            machine, target.scratch, PROBE_UID if as_root else None, megabytes=1
        )
        if os.getpid() != 1:
            raise _NotHeldError("the process list is not its own")
        _refused("signals reach other processes", lambda: os.kill(-1, 0))
        _refused(
            "the network is there", lambda: socket.create_connection(("127.0.0.1", target.port))
        )
        _refused("files outside can be written", lambda: os.truncate(target.file, 0))
        _refused(
            "more than the scratch folder's size can be written",
            lambda: Path(target.scratch, "large").write_bytes(bytes(2 * identity.MIB)),
        )

    def first() -> None:
        identity.die_with_parent()
        own = namespaces.own_list()
        # Twice, because a lane does it again for each worker. A killed attempt needs a list of its
        # own, too: the kernel makes no process in a list whose first process has ended.
        for _ in range(2):
            _pass_on(_in_a_child(last, lambda: namespaces.next_child_is_first(own)))

    pid = namespaces.enter(as_root=as_root)
    if pid == 0:
        reason = ""
        try:
            first()
        except _NotHeldError as error:
            reason = str(error)
        except OSError as error:
            reason = _explained(error)
        # A status has room for yes and no; the words go through a file that the probe owns.
        Path(target.scratch, "reason").write_text(reason, encoding="utf-8")
        os._exit(1 if reason else 0)
    _, status = os.waitpid(pid, 0)
    if _was_killed(status):
        os.kill(os.getpid(), signal.SIGKILL)  # to be tried again, as a whole
    if status != 0:
        _pass_on(Path(target.scratch, "reason").read_text("utf-8") or "it ended unexpectedly")


def _pass_on(reason: str) -> None:
    if reason:
        raise _NotHeldError(reason)


def _uid(machine: Machine, target: _Target) -> None:
    del machine
    if os.geteuid() != 0:
        raise _NotHeldError("only a grader that is root can give submissions a user id")
    identity.become(PROBE_UID, keep_reading=False)
    _refused("the grader's files can be read", lambda: _open(target.file))
    _refused("the grader can be signalled", lambda: os.kill(target.pid, 0))
    _refused("it can be undone", lambda: os.setuid(0))


def _landlock(machine: Machine, target: _Target) -> None:
    identity.raise_limit_on_open_files()
    granted = landlock.open_grants([*readable.grants(()), (target.scratch, landlock.WRITE)])
    identity.give_up_privileges()
    landlock.restrict(machine, landlock.ruleset(machine, granted))
    _refused("the grader's files can be read", lambda: _open(target.file))
    _refused("the grader's files can be written", lambda: _open(target.file, os.O_WRONLY))
    _refused("processes can be looked at", lambda: _open("/proc/self/environ"))
    _refused("gradpath's own files can be read", lambda: _open(__file__))
    with open(os.__file__, "rb"):  # libraries stay readable,
        pass
    own = Path(target.scratch, "own")  # and a submission's own folder stays its own
    own.write_bytes(b"x")
    own.unlink()


def _seccomp(machine: Machine, target: _Target) -> None:
    identity.give_up_privileges()
    for may_open in (False, True):
        _pass_on(_in_a_child(lambda allowed=may_open: _filter(machine, target, allowed)))  # type: ignore[misc]


def _filter(machine: Machine, target: _Target, may_open: bool) -> None:
    with open(target.file, "rb") as file:
        seccomp.install(machine, may_open=may_open)
        _refused("sockets can be made", lambda: socket.socket())
        _refused("modes can be changed", lambda: os.chmod(target.file, 0o644))
        _refused("times can be changed", lambda: os.utime(target.file))
        _refused("the grader can be signalled", lambda: os.kill(target.pid, 0))
        _refused("signals can be asked for", lambda: fcntl.fcntl(file, fcntl.F_SETOWN, target.pid))
        _refused(
            "other processes' limits can be read",
            lambda: resource.prlimit(target.pid, resource.RLIMIT_CPU),
        )
        _refused("namespaces can be made", lambda: kernel.unshare(kernel.CLONE_NEWUSER))
        _refused("programs can be started", lambda: os.execv("/proc/self/exe", ["python"]))
        _refused("other processes can be traced", lambda: _attach(target.pid))
        if not may_open:
            _refused("files can be opened", lambda: _open(target.file))
    # A submission may use threads, processes, and ending itself.
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _open(path: str, flags: int = os.O_RDONLY) -> None:
    os.close(os.open(path, flags))


def _attach(pid: int) -> None:
    result = ctypes.CDLL(None, use_errno=True).ptrace(
        ctypes.c_long(_PTRACE_ATTACH), ctypes.c_long(pid), None, None
    )
    kernel.checked(result)

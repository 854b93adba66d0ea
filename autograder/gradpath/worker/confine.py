"""What a forked worker gives up before it sees a line of the student's code.

The steps are those of isolation level D: a process of its own with resource limits, and, where the
grader is root, a user id of its own, without which root's processes cannot be counted.
Namespaces, Landlock and seccomp belong into `confine`, in the places marked there.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

from gradpath.limits import Limits

MIB: Final = 1024 * 1024
SCRATCH_PREFIX: Final = "gradpath-"
FIRST_UID: Final = 61_000  # above what distributions give to people and services
MAX_UIDS: Final = 4_000  # and below the end of what a container usually has

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_KEEPCAPS: Final = 8
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_CAP_DAC_READ_SEARCH: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, value: int) -> None:
    """Call prctl(2).

    Raises:
        OSError: the kernel refused.
    """
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends, however that happens."""
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose parent ends, so that none can hide."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


@functools.cache
def libraries_are_public() -> bool:
    """Tell whether another user may read the interpreter and its packages.

    The zygote asks once; its children inherit the answer.
    """
    for start in {sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"), _own_folder()}:
        path = Path(start).resolve()
        if any(not folder.stat().st_mode & 0o001 for folder in (path, *path.parents)):
            return False
    return True


def _own_folder() -> str:
    return str(Path(__file__).parent)


def confine(limits: Limits, channel: int, scratch: str, uid: int | None) -> int:
    """Give up what the student's code must not have; return the channel's new descriptor.

    Called in the child right after the fork.

    Args:
        limits: resource limits.
        channel: descriptor of the socket to the grader.
        scratch: an empty folder that becomes the working directory and HOME.
        uid: user id to become, for a grader that is root; None keeps the user.
    """
    channel = _only_descriptor(channel)
    os.setsid()
    # Later: unshare user, network, ipc, uts, mount and pid namespaces here.
    os.environ.clear()
    os.environ.update(_environment(scratch))
    tempfile.tempdir = None  # it remembers the folder of the process that was forked
    _limit_resources(limits, own_uid=uid is not None)
    if uid is not None:
        _become(uid)
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    # Changing the user clears both of these, so they come after it.
    prctl(_PR_SET_DUMPABLE, 0)
    die_with_parent()
    os.chdir(scratch)
    # Later: Landlock, then seccomp here.
    return channel


def _environment(scratch: str) -> dict[str, str]:
    names = ("HOME", "TMPDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME")
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        **dict.fromkeys(names, scratch),
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    }


def _only_descriptor(channel: int) -> int:
    """Keep /dev/null as 0, 1, 2 and the channel as 3; close the rest."""
    null = os.open(os.devnull, os.O_RDWR)
    kept = os.dup2(channel, 3) if channel != 3 else 3
    for standard in range(3):
        os.dup2(null, standard)
    os.closerange(4, 4096)
    return kept


def _limit_resources(limits: Limits, *, own_uid: bool) -> None:
    address_space = _mapped_bytes() + limits.memory_mb * MIB
    processes = limits.processes if own_uid else _count_own_tasks() + limits.processes
    cpu = int(limits.submission_seconds) + 5  # the wall clock decides; this catches what escapes it
    for which, value in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, limits.file_mb * MIB),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def _mapped_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _count_own_tasks() -> int:
    """Count processes and threads of this user: RLIMIT_NPROC is a limit for the user."""
    count, uid = 0, os.getuid()
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                if entry.stat().st_uid == uid:
                    count += len(os.listdir(f"/proc/{entry.name}/task"))
            except OSError:
                continue  # it ended meanwhile
    return count


def _become(uid: int) -> None:
    """Switch to a user id of its own, for good, and drop every capability.

    Where the interpreter lies below a folder that only root may enter, imports would fail: there
    the right to read (and nothing else) is kept. It does not weaken level D, which promises
    nothing about reading, and it leaves the limit on processes in force.
    """
    keep_reading = not libraries_are_public()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    if keep_reading:
        prctl(_PR_SET_KEEPCAPS, 1)
    os.setresuid(uid, uid, uid)
    _set_capabilities(1 << _CAP_DAC_READ_SEARCH if keep_reading else 0)


def _set_capabilities(mask: int) -> None:
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    data = struct.pack("<6I", mask, mask, 0, 0, 0, 0)
    if _libc.capset(header, data) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def descendants() -> list[int]:
    """List the direct children of this process, adopted orphans included."""
    return _children(os.getpid())


def tree(roots: Collection[int]) -> set[int]:
    """Return processes with all their descendants."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting.extend(_children(pid))
    return found


def _children(pid: int) -> list[int]:
    found = []
    try:
        # Each thread has a list of its own.
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += [int(child) for child in file.read().split()]
    except OSError:
        pass  # it ended meanwhile
    return found


def kill(pid: int, number: int) -> None:
    """Send a signal to a process that may have ended meanwhile."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def remove_scratch(path: str) -> None:
    """Delete a worker's folder, whatever it left there: folders inside it may be locked, or nested
    deeper than a path can be long.

    Raises:
        ValueError: the folder is none that gradpath has made. A mistake here deletes for good.
    """
    if not os.path.basename(path).startswith(SCRATCH_PREFIX):
        raise ValueError(f"{path} is no folder of gradpath's")
    if not os.path.isdir(path):
        return
    try:
        shutil.rmtree(path)
    except (OSError, RecursionError):
        for words in (["chmod", "-R", "u+rwx", path], ["rm", "-rf", path]):
            with contextlib.suppress(OSError):
                subprocess.run(words, stderr=subprocess.DEVNULL, check=False)

"""The identity of a submission's process: user id, capabilities, limits."""

from __future__ import annotations

import os
import resource
import signal
import sys
import sysconfig
from pathlib import Path
from typing import Final

from gradpath.worker.sandbox import kernel

MIB: Final = 1024 * 1024
MOST_DESCRIPTORS: Final = 65_536
_CAP_DAC_READ_SEARCH: Final = 2


def be_first_out_of_memory() -> None:
    """Have the kernel choose this process when the machine runs out of memory, not the grader.

    Limits are for each process, and a submission may have several.
    """
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends, however that happens."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def give_up_privileges() -> None:
    """Make sure that no program and no debugger gives rights back. Undone by a change of user."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    die_with_parent()


def libraries_are_public() -> bool:
    """Tell whether another user may read the interpreter and its packages."""
    for start in {sys.prefix, sys.base_prefix, sysconfig.get_path("purelib")}:
        path = Path(start).resolve()
        if not path.exists():
            continue  # Debian's Python names a folder for packages that pip is yet to make
        if any(not folder.stat().st_mode & 0o001 for folder in (path, *path.parents)):
            return False
    return True


def become(uid: int, *, keep_reading: bool) -> None:
    """Switch to a user id of its own, for good, and drop every capability.

    Args:
        uid: the user and group id.
        keep_reading: keep the right to read any file, for an interpreter below a folder that only
            root may enter. With Landlock that is the right to read any of the libraries.
    """
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    if keep_reading:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
    os.setresuid(uid, uid, uid)
    kernel.set_capabilities(1 << _CAP_DAC_READ_SEARCH if keep_reading else 0)


def drop_capabilities() -> None:
    """Drop every capability: in a user namespace of one's own one has them all."""
    kernel.set_capabilities(0)


def limit(*, memory_mb: int, processes: int, file_mb: int, cpu_seconds: int) -> None:
    """Set resource limits, as hard ones; that on open files is `limit_open_files`.

    Args:
        memory_mb: address space in MiB, on top of the memory that is mapped already.
        processes: processes and threads of this user.
        file_mb: size of a file in MiB.
        cpu_seconds: processor time.
    """
    for which, value in (
        (resource.RLIMIT_AS, _mapped_bytes() + memory_mb * MIB),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, file_mb * MIB),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _limit(which, value)


def limit_open_files(count: int) -> None:
    """Set the limit on descriptors, as a hard one; open descriptors stay open."""
    _limit(resource.RLIMIT_NOFILE, count)


def raise_limit_on_open_files() -> None:
    """Raise the limit on descriptors as far as this user may, to `MOST_DESCRIPTORS` at most."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(MOST_DESCRIPTORS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _limit(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def count_own_tasks() -> int:
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


def _mapped_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")

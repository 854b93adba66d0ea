"""Namespaces: a network without anything in it, a process list of its own, mounts and shared memory
that nobody else sees.

Two steps. The zygote enters a list of processes of its own (`enter`), so that everything of a run
ends with it. A lane makes one more for each worker (`next_child_is_first`), its first process:
when the worker ends, the kernel kills all its descendants, however they hide. The worker then
leaves the rest (`leave_the_rest`).

A plain user gets the right to do this from a user namespace, in which nothing but itself exists.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import Final

from gradpath.worker.sandbox import kernel
from gradpath.worker.sandbox.identity import MIB
from gradpath.worker.sandbox.system_calls import Machine

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_MS_REC, _MS_PRIVATE = 0x4000, 0x4_0000
_AT_FDCWD: Final = -100
_AT_RECURSIVE: Final = 0x8000
_MOUNT_ATTR_RDONLY: Final = 1

FILES_PER_MIB: Final = 64


def enter(*, as_root: bool) -> int:
    """Fork into a new list of processes; return 0 in the child, its process id in the parent.

    Args:
        as_root: False makes a user namespace first.

    Raises:
        OSError: this system does not allow it.
    """
    if as_root:
        kernel.unshare(kernel.CLONE_NEWPID)
    else:
        _unshare_with_user(kernel.CLONE_NEWPID)
    return os.fork()


def own_list() -> int:
    """Return a descriptor of this process's list of processes, for `next_child_is_first`."""
    return os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


def next_child_is_first(own: int) -> None:
    """Make the next fork's child the first process of a new list.

    Args:
        own: from `own_list`: one has to come back from the last new list first.
    """
    kernel.setns(own, kernel.CLONE_NEWPID)
    kernel.unshare(kernel.CLONE_NEWPID)


def leave_the_rest(machine: Machine, scratch: str, uid: int | None, megabytes: int) -> None:
    """Leave network, shared memory, host name and mounts, and make all files read-only.

    Only `scratch` can be written: a file system in memory comes into its place, which has a size,
    and which is gone with the process.

    Args:
        machine: this machine.
        scratch: an existing folder.
        uid: the owner of `scratch`; None for our own user, which needs a user namespace.
        megabytes: how much fits into `scratch`.
    """
    flags = kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | kernel.CLONE_NEWNS
    if uid is not None:
        kernel.unshare(flags)
    else:
        # One more: the number of processes is counted for each user namespace.
        _unshare_with_user(flags)
    # Mounts made here shall not appear outside.
    kernel.mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    _make_read_only(machine)
    owner = os.getuid() if uid is None else uid
    options = (
        f"size={megabytes * MIB},nr_inodes={megabytes * FILES_PER_MIB},mode=0700,"
        f"uid={owner},gid={os.getgid() if uid is None else uid}"
    )
    kernel.mount("tmpfs", scratch, "tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, options)


def _make_read_only(machine: Machine) -> None:
    number = machine.number("mount_setattr")
    assert number is not None
    attributes = ctypes.create_string_buffer(struct.pack("=4Q", _MOUNT_ATTR_RDONLY, 0, 0, 0), 32)
    try:
        kernel.call(number, _AT_FDCWD, b"/", _AT_RECURSIVE, attributes, 32)
    except OSError as error:
        if error.errno != errno.ENOSYS:  # before Linux 5.12: Landlock and the user id remain
            raise


def _unshare_with_user(flags: int) -> None:
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | flags)
    # Itself as itself: to be called root would tell a student's program something untrue.
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)

"""Landlock: which files a submission may read, and the folder that it may write.

Files that are not granted here cannot be opened, not even by their owner. The list is short: the
standard library and the packages that an assignment lets submissions import; the system's shared
libraries, fonts and time zones; a few devices; and the submission's own folder. So solutions,
hidden checks, other students' files, /proc and the grader's folders are out of reach even of a
process with the grader's own user id.

Landlock looks at opening, linking, renaming and deleting. It does not look at modes, owners, times
and attributes, nor at stat(2): those calls are `seccomp`'s.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gradpath.worker.sandbox import kernel
from gradpath.worker.sandbox.system_calls import Machine

_VERSION_FLAG: Final = 1
_PATH_BENEATH: Final = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_TRUNCATE: Final = 1 << 14

# How many rights on files each version knows: 13 in the first, then refer, truncate, ioctl_dev.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_LATEST_FILE_RIGHTS: Final = 16
_NETWORK_SINCE: Final = 4
_SCOPES_SINCE: Final = 6
_ALL_NETWORK: Final = 0b11  # bind and connect, TCP
_ALL_SCOPES: Final = 0b11  # abstract Unix sockets and signals, outside the domain

READ: Final = _READ_FILE | _READ_DIR | _EXECUTE
"""Rights on a library: read, list, and map as code."""
LIST: Final = _READ_DIR
"""The right on a folder of which only some files may be read: its list, for Python's imports."""
DEVICE: Final = _READ_FILE | _WRITE_FILE
WRITE: Final = (
    READ & ~_EXECUTE | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG
)
"""Rights on the submission's own folder: files and folders, no links, sockets or devices."""
_ON_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE


def version(machine: Machine) -> int:
    """Return the kernel's version of Landlock.

    Raises:
        OSError: there is none, it is switched off, or a filter around us forbids it.
    """
    number = machine.number("landlock_create_ruleset")
    assert number is not None
    return kernel.call(number, None, 0, _VERSION_FLAG)


@dataclass(frozen=True)
class Grant:
    """A right on a folder or file, by an open descriptor of it."""

    descriptor: int
    rights: int


def open_grants(paths: Iterable[tuple[str, int]]) -> list[Grant]:
    """Open paths for `restrict`; a missing path needs no right.

    Opened once in the process that forks, they cost a child one system call each.
    """
    grants = []
    for path, rights in paths:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            descriptor = _high(os.open(path, os.O_PATH | os.O_CLOEXEC))
            grants.append(Grant(descriptor, rights if os.path.isdir(path) else rights & _ON_FILES))
    return grants


def _high(descriptor: int) -> int:
    """Move a descriptor above those that a worker's channel and standard streams are moved to."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return high


def ruleset(machine: Machine, granted: Sequence[Grant]) -> int:
    """Return the descriptor of a set of rules: no right on files is left but those granted.

    TCP, and signals and abstract sockets to processes outside, are refused too where the kernel's
    version has that. Making it takes a system call for each grant, so a lane makes one set for all
    its workers.

    Raises:
        OSError: see `version`.
    """
    known = version(machine)
    handled = (1 << _FILE_RIGHTS.get(known, _LATEST_FILE_RIGHTS)) - 1
    words = [handled]
    if known >= _NETWORK_SINCE:
        words.append(_ALL_NETWORK)
    if known >= _SCOPES_SINCE:
        words.append(_ALL_SCOPES)
    create, add = (machine.number(f"landlock_{name}") for name in ("create_ruleset", "add_rule"))
    assert create is not None
    assert add is not None
    attributes = struct.pack(f"={len(words)}Q", *words)
    rules = _high(kernel.call(create, attributes, len(attributes), 0))
    # One buffer for all rules: struct landlock_path_beneath_attr, which is packed.
    rule = ctypes.create_string_buffer(12)
    add_rule = kernel.prepared(add, rules, _PATH_BENEATH, rule, 0)
    for grant in granted:
        struct.pack_into("=Qi", rule, 0, grant.rights & handled, grant.descriptor)
        add_rule()
    return rules


def restrict(machine: Machine, rules: int) -> None:
    """Put a set of rules on this process for good; it needs PR_SET_NO_NEW_PRIVS.

    Raises:
        OSError: this system does not allow it.
    """
    number = machine.number("landlock_restrict_self")
    assert number is not None
    kernel.call(number, rules, 0)

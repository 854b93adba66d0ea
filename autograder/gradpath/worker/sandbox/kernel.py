"""System calls that Python 3.11 has no functions for. Each raises OSError when it is refused."""

from __future__ import annotations

import ctypes
import functools
import os
import struct
from collections.abc import Callable
from typing import Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_KEEPCAPS: Final = 8
PR_SET_SECCOMP: Final = 22
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38

CLONE_NEWNS: Final = 0x0002_0000
CLONE_NEWCGROUP: Final = 0x0200_0000
CLONE_NEWUTS: Final = 0x0400_0000
CLONE_NEWIPC: Final = 0x0800_0000
CLONE_NEWUSER: Final = 0x1000_0000
CLONE_NEWPID: Final = 0x2000_0000
CLONE_NEWNET: Final = 0x4000_0000

_MADV_COLLAPSE: Final = 25
_CAPABILITY_VERSION_3: Final = 0x2008_0522

_libc = ctypes.CDLL(None, use_errno=True)
# Long, as syscall(2) has it: ctypes would cut pointers and flags to an int.
_libc.syscall.restype = ctypes.c_long


def checked(result: int) -> int:
    """Return the result of a call of libc's.

    Raises:
        OSError: it returned -1.
    """
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def call(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Make a system call by number; whole numbers go over as 64 bits, bytes as their address."""
    return prepared(number, *arguments)()


def prepared(
    number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None
) -> Callable[[], int]:
    """Return a function that makes a system call, for one that is made often; see `call`."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    make = functools.partial(_libc.syscall, ctypes.c_long(number), *words)
    return lambda: checked(make())


def prctl(option: int, value: int, address: ctypes.Structure | None = None) -> None:
    """Call prctl(2)."""
    last = ctypes.byref(address) if address is not None else ctypes.c_ulong(0)
    zero = ctypes.c_ulong(0)
    checked(_libc.prctl(option, ctypes.c_ulong(value), last, zero, zero))


def collapse(address: int, length: int) -> None:
    """Call madvise(2): put memory into large pages now. Linux has that since 6.1."""
    advice = ctypes.c_int(_MADV_COLLAPSE)
    checked(_libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(length), advice))


def unshare(flags: int) -> None:
    """Call unshare(2): leave these namespaces for new ones."""
    checked(_libc.unshare(flags))


def setns(descriptor: int, flags: int) -> None:
    """Call setns(2): enter a namespace."""
    checked(_libc.setns(descriptor, flags))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Call mount(2)."""
    words = (source.encode(), os.fsencode(target), kind.encode())
    checked(_libc.mount(*words, ctypes.c_ulong(flags), options.encode()))


def set_capabilities(mask: int) -> None:
    """Make `mask` (bit n for capability n, below 32) the effective and permitted set."""
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    data = struct.pack("<6I", mask, mask, 0, 0, 0, 0)
    checked(_libc.capset(header, data))

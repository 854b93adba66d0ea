"""Which system calls a submission may make: a list of those, and everything else is refused.

Calls that Python, NumPy, torch and matplotlib make once they are imported are allowed; another
call fails with an error that Python turns into an ordinary exception, so a student sees
`PermissionError` and not a dead process. A list of allowed calls stays right when the kernel
gets new ones, which a list of forbidden calls does not.
"""

from __future__ import annotations

import errno
import fcntl
import functools
import os
import signal
import socket
import termios
from collections.abc import Iterator
from typing import Final

from gradpath.worker.sandbox import bpf, kernel
from gradpath.worker.sandbox.system_calls import Machine

_SECCOMP_MODE_FILTER: Final = 2

ALLOWED: Final = (
    # Files that are open already, and pipes.
    *("read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev"),
    *("preadv2", "pwritev2", "close", "close_range", "lseek", "dup", "dup2", "dup3"),
    *("pipe", "pipe2", "fsync", "fdatasync", "ftruncate", "sendfile", "copy_file_range"),
    *("getdents", "getdents64", "fadvise64", "fstat", "fstatfs", "fchdir"),
    *("poll", "ppoll", "select", "pselect6", "eventfd", "eventfd2"),
    *("epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2"),
    # Looking at paths. Landlock, or the user id, protects the files behind them; that a
    # name exists and how large it is stays visible.
    *("stat", "lstat", "newfstatat", "statx", "statfs", "access", "faccessat", "faccessat2"),
    *("readlink", "readlinkat", "getcwd", "chdir", "umask"),
    # Memory. memfd_create is missing: no limit counts its memory.
    *("mmap", "mprotect", "munmap", "mremap", "madvise", "brk", "mincore", "msync"),
    *("membarrier", "rseq", "set_robust_list", "set_tid_address", "arch_prctl", "futex"),
    # Processes and threads, without programs: execve and setsid are missing.
    *("exit", "exit_group", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid"),
    *("getegid", "getresuid", "getresgid", "getgroups", "getpgrp", "getsid", "wait4", "waitid"),
    *("fork", "vfork", "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler"),
    *("sched_get_priority_max", "sched_get_priority_min"),
    *("getrlimit", "setrlimit", "getrusage", "times", "sysinfo", "uname", "getcpu"),
    # Time and chance.
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time"),
    *("alarm", "getitimer", "setitimer", "getrandom"),
    # Signals that come in.
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait"),
    *("rt_sigsuspend", "sigaltstack", "pause", "restart_syscall"),
    # Sockets that exist already. Messages with control data, which can carry open files out of the
    # process, are missing, and so are options.
    *("recvfrom", "getsockname", "getpeername", "getsockopt", "shutdown"),
)

OPENING: Final = (
    *("open", "openat", "creat", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat"),
    *("rename", "renameat", "renameat2", "truncate", "fallocate"),
)
"""Calls that open or change something by its name; links are missing, and so are modes, owners,
times and attributes, which Landlock does not look at."""

_UNKNOWN: Final = (
    # As from a kernel that is older than these: libraries then use calls that a filter can read
    # (clone for clone3, openat for openat2) or do without.
    *("clone3", "openat2", "memfd_create", "pidfd_open", "pidfd_send_signal"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
)
_NO_ATTRIBUTES: Final = (
    # As from a file system without them, which shutil expects.
    *("setxattr", "lsetxattr", "fsetxattr", "getxattr", "lgetxattr", "fgetxattr"),
    *("listxattr", "llistxattr", "flistxattr", "removexattr", "lremovexattr", "fremovexattr"),
)

_NAMESPACES: Final = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWCGROUP
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUSER
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
)
_CLONE_PARENT: Final = 0x8000  # a sibling instead of a child would be out of the worker's tree

# fcntl without F_SETOWN, F_SETSIG, F_NOTIFY and F_SETLEASE, which send signals to others.
_FCNTL: Final = (
    *(fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD),
    *(fcntl.F_GETFL, fcntl.F_SETFL),
)
# ioctl without FIOASYNC (signals), TIOCSTI (types into the grader's terminal) and the rest.
_FIOCLEX, _FIONCLEX = 0x5451, 0x5450
_IOCTL: Final = (
    *(termios.TCGETS, termios.TIOCGWINSZ, termios.FIONREAD, termios.FIONBIO),
    *(_FIOCLEX, _FIONCLEX),
)
# Pairs of streams, which carry nothing to anybody else.
_PAIRS: Final = tuple(
    kind | flags
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET)
    for flags in (
        0,
        socket.SOCK_CLOEXEC,
        socket.SOCK_NONBLOCK,
        socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK,
    )
)
_O_ASYNC: Final = 0x2000  # sends SIGIO to the file's owner
_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA = 15, 16, 0x5356_4D41
_PR_CAPBSET_READ: Final = 23


def install(machine: Machine, *, may_open: bool) -> None:
    """Put the filter on this process for good; it needs PR_SET_NO_NEW_PRIVS.

    Args:
        machine: the filter has its numbers.
        may_open: False refuses to open any file, for machines where nothing else guards reading.

    Raises:
        OSError: the kernel has no seccomp filters, or a filter around us forbids them.
    """
    program = compiled(machine, os.getpid(), may_open=may_open)
    kernel.prctl(kernel.PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program)


@functools.cache
def compiled(machine: Machine, own: int, *, may_open: bool) -> bpf.Instructions:
    """Return the filter for a process with the id `own`; see `install`.

    The zygote asks for the one of a namespace's first process, so that its children have it.
    """
    return bpf.pack(list(_program(machine, own, may_open)))


def _program(machine: Machine, own: int, may_open: bool) -> Iterator[bpf.Instruction]:
    yield bpf.load(bpf.MACHINE_AT)
    # The 32-bit calls of an x86-64 kernel have other numbers: a process that makes one is stopped.
    # The x32 ones have the same machine and numbers of their own, which no rule below allows.
    yield from _unless_equal(machine.audit, bpf.decide(bpf.KILL_PROCESS))
    yield bpf.load(bpf.NUMBER_AT)
    for name in ALLOWED + (OPENING if may_open else ()):
        yield from _on(machine, name, [bpf.decide(bpf.ALLOW)])
    allow, no = bpf.decide(bpf.ALLOW), bpf.decide(bpf.refuse(errno.EPERM))
    yield from _on(
        machine,
        "clone",
        [bpf.load_argument(0), *bpf.if_any_bit(_NAMESPACES | _CLONE_PARENT, [no]), allow],
    )
    yield from _on(machine, "fcntl", _fcntl(no))
    yield from _on(machine, "ioctl", _one_of(1, _IOCTL, no))
    prctl = (_PR_SET_NAME, _PR_GET_NAME, _PR_SET_VMA, _PR_CAPBSET_READ)
    yield from _on(machine, "prctl", _one_of(0, prctl, no))
    # Of its own: other processes' limits are neither to be read nor set.
    yield from _on(machine, "prlimit64", _one_of(0, (0, own), no))
    yield from _on(machine, "kill", _signal(own, 1))
    yield from _on(machine, "tgkill", _signal(own, 2))
    local = bpf.if_equal(socket.AF_UNIX, _one_of(1, _PAIRS, no))
    yield from _on(machine, "socketpair", [bpf.load_argument(0), *local, no])
    # Without an address: a datagram socket could send to any other one.
    unaddressed = [bpf.load_argument(5), *bpf.if_equal(0, [allow]), no]
    yield from _on(machine, "sendto", unaddressed)
    yield from _on(machine, "socket", [bpf.decide(bpf.refuse(errno.EACCES))])
    for name in _UNKNOWN:
        yield from _on(machine, name, [bpf.decide(bpf.refuse(errno.ENOSYS))])
    for name in _NO_ATTRIBUTES:
        yield from _on(machine, name, [bpf.decide(bpf.refuse(errno.EOPNOTSUPP))])
    yield no


def _unless_equal(value: int, otherwise: bpf.Instruction) -> list[bpf.Instruction]:
    compare = bpf.if_equal(value, [])[0]
    return [bpf.Instruction(compare.code, 1, 0, value), otherwise]


def _on(machine: Machine, name: str, body: list[bpf.Instruction]) -> list[bpf.Instruction]:
    number = machine.number(name)
    return [] if number is None else bpf.if_equal(number, body)


def _one_of(
    argument: int, values: tuple[int, ...], otherwise: bpf.Instruction
) -> list[bpf.Instruction]:
    """Allow the call if an argument is one of these."""
    tests = [test for value in values for test in bpf.if_equal(value, [bpf.decide(bpf.ALLOW)])]
    return [bpf.load_argument(argument), *tests, otherwise]


def _fcntl(no: bpf.Instruction) -> list[bpf.Instruction]:
    """Allow harmless commands; flags may be set, but not the one that sends signals."""
    flags = [bpf.load_argument(2), *bpf.if_any_bit(_O_ASYNC, [no]), bpf.decide(bpf.ALLOW)]
    rest = _one_of(1, tuple(command for command in _FCNTL if command != fcntl.F_SETFL), no)
    return [bpf.load_argument(1), *bpf.if_equal(fcntl.F_SETFL, flags), *rest]


def _signal(own: int, argument: int) -> list[bpf.Instruction]:
    """Allow signals to this process alone.

    As the first process of a namespace it would survive its own SIGKILL and abort(), which end it
    everywhere else; so the filter ends it. SIGSTOP it would not notice, so that is refused.
    """
    fatal = [
        test
        for number in (signal.SIGKILL, signal.SIGABRT)
        for test in bpf.if_equal(number, [bpf.decide(bpf.KILL_PROCESS)])
    ]
    no = bpf.decide(bpf.refuse(errno.EPERM))
    stop = bpf.if_equal(signal.SIGSTOP, [no])
    own_signal = [bpf.load_argument(argument), *fatal, *stop, bpf.decide(bpf.ALLOW)]
    return [bpf.load_argument(0), *bpf.if_equal(own, own_signal), no]

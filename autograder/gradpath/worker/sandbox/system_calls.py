"""Numbers of system calls, from the kernel's headers asm/unistd_64.h (x86-64) and
asm-generic/unistd.h (aarch64). A test compares them with libseccomp's tables."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Final

_NUMBERS: Final[dict[str, tuple[int, int | None]]] = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70), "preadv2": (327, 286),
    "pwritev2": (328, 287), "close": (3, 57), "close_range": (436, 436), "lseek": (8, 62),
    "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "pipe": (22, None), "pipe2": (293, 59),
    "fsync": (74, 82), "fdatasync": (75, 83), "ftruncate": (77, 46), "sendfile": (40, 71),
    "copy_file_range": (326, 285), "getdents64": (217, 61), "fadvise64": (221, 223),
    "fstat": (5, 80), "fstatfs": (138, 44), "fchdir": (81, 50), "stat": (4, None),
    "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291), "statfs": (137, 43),
    "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getcwd": (79, 17), "chdir": (80, 49), "umask": (95, 166),
    "open": (2, None), "openat": (257, 56), "creat": (85, None), "mkdir": (83, None),
    "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "truncate": (76, 45),
    "fallocate": (285, 47), "getdents": (78, None), "fcntl": (72, 25), "ioctl": (16, 29),
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "epoll_create": (213, None), "epoll_create1": (291, 20), "epoll_ctl": (233, 21),
    "epoll_wait": (232, None), "epoll_pwait": (281, 22), "epoll_pwait2": (441, 441),
    "eventfd": (284, None), "eventfd2": (290, 19), "mmap": (9, 222), "mprotect": (10, 226),
    "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214),
    "mincore": (27, 232), "msync": (26, 227), "membarrier": (324, 283), "rseq": (334, 293),
    "set_robust_list": (273, 99), "set_tid_address": (218, 96), "arch_prctl": (158, None),
    "futex": (202, 98), "exit": (60, 93), "exit_group": (231, 94), "getpid": (39, 172),
    "gettid": (186, 178), "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "getresuid": (118, 148), "getresgid": (120, 150),
    "getgroups": (115, 158), "getpgrp": (111, None), "getsid": (124, 156), "wait4": (61, 260),
    "waitid": (247, 95), "clone": (56, 220), "clone3": (435, 435), "fork": (57, None),
    "vfork": (58, None), "sched_yield": (24, 124), "sched_getaffinity": (204, 123),
    "sched_getparam": (143, 121), "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125), "sched_get_priority_min": (147, 126),
    "getrlimit": (97, 163), "setrlimit": (160, 164), "prlimit64": (302, 261),
    "getrusage": (98, 165), "times": (100, 153), "sysinfo": (99, 179), "uname": (63, 160),
    "getcpu": (309, 168), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "nanosleep": (35, 101), "gettimeofday": (96, 169),
    "time": (201, None), "alarm": (37, None), "getitimer": (36, 102), "setitimer": (38, 103),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132), "pause": (34, None), "restart_syscall": (219, 128),
    "kill": (62, 129), "tgkill": (234, 131), "getrandom": (318, 278), "prctl": (157, 167),
    "socket": (41, 198), "socketpair": (53, 199), "sendto": (44, 206), "recvfrom": (45, 207),
    "getsockname": (51, 204), "getpeername": (52, 205), "getsockopt": (55, 209),
    "shutdown": (48, 210), "memfd_create": (319, 279), "openat2": (437, 437),
    "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "fsetxattr": (190, 7), "getxattr": (191, 8), "lgetxattr": (192, 9),
    "fgetxattr": (193, 10), "listxattr": (194, 11), "llistxattr": (195, 12),
    "flistxattr": (196, 13), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "seccomp": (317, 277), "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445), "landlock_restrict_self": (446, 446),
    "mount_setattr": (442, 442),
}  # fmt: skip


@dataclass(frozen=True)
class Machine:
    """A processor as seccomp and the kernel's headers know it."""

    name: str
    audit: int
    """AUDIT_ARCH_* of linux/audit.h, which a filter sees instead of the name."""
    column: int

    def number(self, name: str) -> int | None:
        """Return the number of a system call; None where this machine has none of the name."""
        return _NUMBERS[name][self.column]


MACHINES: Final = {
    "x86_64": Machine("x86_64", 0xC000_003E, 0),
    "aarch64": Machine("aarch64", 0xC000_00B7, 1),
}
NAMES: Final = tuple(_NUMBERS)


def this_machine() -> Machine | None:
    """Return this machine's processor; None for one that the filters are not written for."""
    return MACHINES.get(platform.machine())

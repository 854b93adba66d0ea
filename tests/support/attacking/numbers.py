"""Numbers of the system calls that the attacks make by number, for both architectures."""

from __future__ import annotations

import platform
from typing import Final

# Calls that both architectures have since then share their number.
_BOTH: Final = {
    "pidfd_send_signal": 424, "pidfd_open": 434, "clone3": 435, "openat2": 437,
    "pidfd_getfd": 438, "process_madvise": 440, "quotactl_fd": 443, "memfd_secret": 447,
    "fchmodat2": 452, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430,
}  # fmt: skip

_X86_64: Final = {
    "open": 2, "clone": 56, "pivot_root": 155, "tkill": 200, "lookup_dcookie": 212,
    "timer_create": 222, "timer_settime": 223, "tgkill": 234, "mbind": 237, "mq_open": 240,
    "add_key": 248, "request_key": 249, "keyctl": 250, "ioprio_set": 251, "migrate_pages": 256,
    "openat": 257, "fchmodat": 268, "move_pages": 279, "rt_sigqueueinfo": 129,
    "rt_tgsigqueueinfo": 297, "perf_event_open": 298, "fanotify_init": 300,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "process_vm_readv": 310,
    "process_vm_writev": 311, "kcmp": 312, "renameat2": 316, "seccomp": 317, "memfd_create": 319,
    "bpf": 321, "execveat": 322, "userfaultfd": 323,
}  # fmt: skip

_AARCH64: Final = {
    "lookup_dcookie": 18, "ioprio_set": 30, "pivot_root": 41, "fchmodat": 53, "openat": 56,
    "timer_create": 107, "timer_settime": 110, "tkill": 130, "tgkill": 131,
    "rt_sigqueueinfo": 138, "mq_open": 180, "add_key": 217, "request_key": 218, "keyctl": 219,
    "clone": 220, "mbind": 235, "migrate_pages": 238, "move_pages": 239, "rt_tgsigqueueinfo": 240,
    "perf_event_open": 241, "fanotify_init": 262, "name_to_handle_at": 264,
    "open_by_handle_at": 265, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
    "renameat2": 276, "seccomp": 277, "memfd_create": 279, "bpf": 280, "execveat": 281,
    "userfaultfd": 282,
}  # fmt: skip


def system_calls() -> dict[str, int]:
    """Return the numbers for this machine, by name."""
    return _BOTH | (_AARCH64 if platform.machine() == "aarch64" else _X86_64)

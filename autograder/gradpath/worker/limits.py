"""The limits of a submission, as an assignment's `settings.toml` may override them."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of one submission. Hitting one costs the student that call, not the run.

    Seconds are those of the submission's own doing: computing, and standing still. Waiting for
    a processor on a busy machine does not count (see `engine/clock.py`).
    """

    call_seconds: float = 10.0
    """For one call, the import of the module included; threads and children compute on it too."""
    submission_seconds: float = 60.0
    """For all calls together."""
    memory_mb: int = 1024
    """Address space, in MiB, on top of the memory that Python, NumPy and torch map."""
    processes: int = 16
    """Processes and threads."""
    open_files: int = 64
    file_mb: int = 16
    """Size of a file, in MiB."""
    output_chars: int = 32_000_000
    """Characters printed, all together."""

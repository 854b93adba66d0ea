"""The folder of a run below which its workers have theirs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from typing import Final

from gradpath.worker.confine import SCRATCH_PREFIX, remove_scratch

_PREFIX: Final = f"{SCRATCH_PREFIX}run-"
_NEW_SECONDS: Final = 60.0


class Scratch:
    """The folder below which a run's workers have theirs.

    A grader that is killed cannot delete it, so each run looks for folders of dead ones first: a
    living grader holds a lock on its own, which ends with it.
    """

    def __init__(self) -> None:
        """Make it."""
        _remove_abandoned()
        self.path = tempfile.mkdtemp(prefix=_PREFIX)
        # Workers' user ids may pass through, and see nothing.
        os.chmod(self.path, 0o711)
        self._lock = _locked(self.path)

    def close(self) -> None:
        """Delete it."""
        remove_scratch(self.path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _locked(folder: str) -> int | None:
    """Lock a folder and return the descriptor with the lock; None if another process has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove_abandoned() -> None:
    for entry in os.scandir(tempfile.gettempdir()):
        if not entry.name.startswith(_PREFIX):
            continue
        with contextlib.suppress(OSError):
            about = entry.stat(follow_symlinks=False)
            # A new one may not be locked yet.
            if about.st_uid != os.geteuid() or time.time() - about.st_mtime < _NEW_SECONDS:
                continue
            descriptor = _locked(entry.path)
            if descriptor is not None:
                remove_scratch(entry.path)
                os.close(descriptor)

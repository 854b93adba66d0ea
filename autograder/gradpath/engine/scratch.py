"""The folder of a run below which its workers have theirs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from typing import Final

from gradpath.worker.confine import SCRATCH_PREFIX, remove_scratch

_PREFIX: Final = f"{SCRATCH_PREFIX}run-"


class Scratch:
    """The folder below which a run's workers have theirs.

    A grader that is killed cannot delete it, so each run looks for folders of dead ones first: a
    living grader holds a lock on its own, which ends with it.
    """

    def __init__(self) -> None:
        """Make it."""
        _remove_abandoned()
        self._lock: int | None = None
        while True:
            self.path = tempfile.mkdtemp(prefix=_PREFIX)
            try:
                self._lock = _locked(self.path)
            except (FileNotFoundError, BlockingIOError):
                continue  # another grader took it for that of a dead one: it had no lock yet
            except OSError:
                pass  # a file system without locks, on which nobody deletes folders of others
            break
        # Workers' user ids may pass through, and see nothing.
        os.chmod(self.path, 0o711)

    def close(self) -> None:
        """Delete it."""
        remove_scratch(self.path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _locked(folder: str) -> int:
    """Lock a folder and return the descriptor with the lock.

    Raises:
        BlockingIOError: another process has the lock.
        FileNotFoundError: another process has deleted the folder.
        OSError: it is no folder, or cannot be locked.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.stat(folder)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove_abandoned() -> None:
    """Delete the folders of dead graders of this user."""
    for entry in os.scandir(tempfile.gettempdir()):
        if not entry.name.startswith(_PREFIX):
            continue
        with contextlib.suppress(OSError):
            if entry.stat(follow_symlinks=False).st_uid != os.geteuid():
                continue
            descriptor = _locked(entry.path)
            try:
                remove_scratch(entry.path)
            finally:
                os.close(descriptor)

"""The output folder of a run: one grader at a time, and a log of all runs in it."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gradpath.cohort.closing import Closing
from gradpath.errors import GradpathError
from gradpath.text import bounded
from gradpath.text.messages import Message

LOG: Final = "grade.log"
OUTPUTS: Final = ("results.jsonl", "grades.csv", "regrade.csv")
"""The files that `write_files` writes here, each under another name first."""

MAX_LINE: Final = 2_048
"""Bytes of a line of the log, which names files and quotes errors."""


class OutFolder(Closing):
    """A folder that is ours until this is closed, or until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Make the folder if it is missing, and take it.

        Raises:
            GradpathError: it cannot be written, or another grader is at work in it.
        """
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            self._log = os.open(path / LOG, flags, 0o600)
        except OSError as error:
            raise GradpathError(
                Message(
                    "{path} cannot be written: {reason}", path=path, reason=error.strerror or error
                )
            ) from None
        try:
            # The system's lock, not a file's presence: it is gone once its process is gone. No
            # child inherits the file, so it does not outlive a killed grader in a worker.
            fcntl.flock(self._log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._log)
            raise GradpathError(
                Message(
                    "another gradpath grade is at work in {path} (see {log}); wait until it "
                    "has ended, or give another folder with --out",
                    path=path,
                    log=path / LOG,
                )
            ) from None
        except OSError as error:
            os.close(self._log)
            raise GradpathError(
                Message(
                    "{path} cannot be locked ({reason}); give a folder on another "
                    "file system with --out",
                    path=path,
                    reason=error.strerror or error,
                )
            ) from None
        for name in OUTPUTS:  # from a grader that was killed while it wrote these
            for leftover in path.glob(f".{name}.????????"):
                leftover.unlink(missing_ok=True)

    def log(self, event: str, text: str) -> None:
        """Append a line: UTC time, the event, a text. It ends up on one line.

        A log that cannot be written, as on a full disk, stops nothing: results say so themselves.
        """
        line = f"{utc_now()} {event}: {bounded(text, MAX_LINE)}"
        clean = "".join(letter if letter.isprintable() else "?" for letter in line)
        try:
            os.write(self._log, f"{clean}\n".encode("utf-8", "replace"))
        except OSError:
            return

    def close(self) -> None:
        """Give the folder to the next grader."""
        os.close(self._log)


def utc_now() -> str:
    """Return the time in seconds as `2026-01-31T12:34:56Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Where a student's prints go: nowhere, but counted."""

from __future__ import annotations

import io


class OutputLimit(BaseException):
    """The submission printed more than it may.

    A BaseException, so that a student's `except Exception` around a print does not go on forever.
    """


class CountedOutput(io.TextIOBase):
    """A text stream that throws away what is written and raises once it is too much.

    Prints must cost next to nothing (a training loop may print every step) and must never fill
    a disk, a pipe or the grader's memory.
    """

    def __init__(self, limit: int) -> None:
        """Allow `limit` characters."""
        self._left = limit

    encoding = "utf-8"  # libraries ask sys.stdout for it

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        self._left -= len(text)
        if self._left < 0:
            raise OutputLimit
        return len(text)

    def isatty(self) -> bool:
        return False

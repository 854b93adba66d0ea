"""The standard output of a submission: its length is limited, its text is hardly ever kept."""

from __future__ import annotations

import io


class OutputLimit(BaseException):
    """The submission printed more than it may.

    A BaseException, so that a student's `except Exception` around a print does not go on forever.
    """


class CountedOutput(io.TextIOBase):
    """A text stream that throws away its text and raises once it is too much.

    Prints must cost next to nothing (a training loop may print every step) and must never fill
    a disk, a pipe or the grader's memory. On a student's own machine the first words of each call
    are kept, to be shown.
    """

    def __init__(self, limit: int, shown: int = 0) -> None:
        """Allow `limit` characters, and keep the first `shown` of each call."""
        self._left = limit
        self._shown = shown
        self._room = 0
        self._kept: list[str] = []
        self.buffer = _CountedBytes(self)

    encoding = "utf-8"  # libraries ask sys.stdout for it
    errors = "strict"

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        if self._room > 0:
            self._kept.append(text[: self._room])
            self._room -= len(text)
        self.count(len(text))
        return len(text)

    def begin(self) -> None:
        """Begin to keep text; that of earlier calls is forgotten."""
        self._kept = []
        self._room = self._shown

    def end(self) -> None:
        """Keep no more text."""
        self._room = 0

    @property
    def kept(self) -> str:
        """The text that was kept since it began."""
        return "".join(self._kept)

    def count(self, written: int) -> None:
        """Note that `written` characters or bytes more were printed."""
        self._left -= written
        if self._left < 0:
            raise OutputLimit

    def reconfigure(self, **_: object) -> None:
        """Do nothing: files written on Windows like to ask their output for UTF-8."""

    def isatty(self) -> bool:
        return False


class _CountedBytes(io.RawIOBase):
    """The same for `sys.stdout.buffer`."""

    def __init__(self, text: CountedOutput) -> None:
        self._text = text

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        size = memoryview(data).nbytes  # type: ignore[arg-type]
        self._text.count(size)
        return size

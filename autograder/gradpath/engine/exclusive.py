"""A gate that lets many threads in together, or one alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Threads go in together; one that wants to be alone waits until the others are out."""

    def __init__(self) -> None:
        """Start with no thread inside."""
        self._changed = threading.Condition()
        self._inside = 0
        self._alone = 0
        """Number of threads that want to be alone, or are."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """Be in with others; threads that wait to be alone go first, or would wait for ever."""
        with self._changed:
            self._changed.wait_for(lambda: not self._alone)
            self._inside += 1
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be in while no other thread is."""
        with self._changed:
            self._alone += 1
            try:
                self._changed.wait_for(lambda: not self._inside)
            except BaseException:
                self._alone -= 1
                self._changed.notify_all()
                raise
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._alone -= 1
            self._leave()

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

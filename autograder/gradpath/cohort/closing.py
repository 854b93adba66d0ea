"""The base class of objects that release their resources at the end of a `with` statement."""

from __future__ import annotations

from typing import Self


class Closing:
    """A context manager that closes itself at the end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free everything that this holds."""
        raise NotImplementedError

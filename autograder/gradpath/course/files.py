"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gradpath.errors import GradpathError
from gradpath.text.messages import Message


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder: each is there as a whole or not at all.

    Raises:
        GradpathError: the folder cannot be written.
    """
    waiting: list[tuple[str, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            waiting.append((temporary, folder / name))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for temporary, path in waiting:
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
    except OSError as error:
        for temporary, _ in waiting:
            Path(temporary).unlink(missing_ok=True)
        raise GradpathError(
            Message(
                "{folder} cannot be written: {reason}",
                folder=folder,
                reason=error.strerror or error,
            )
        ) from None

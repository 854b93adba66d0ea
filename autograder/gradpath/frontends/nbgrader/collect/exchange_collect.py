"""`nbgrader collect` where students write into the exchange themselves.

Their files there belong to them and may be anything. nbgrader follows links with the rights of the
person who collects: a link to the course's sources comes in as the solution, is graded as the
student's work, and goes back with the feedback. And it ends at the first file that cannot be
copied or has no readable time: those after it are not collected.
"""

from __future__ import annotations

import datetime
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Any, Final

from nbgrader.exchange.default.collect import ExchangeCollect

from gradpath.frontends.nbgrader.submitted_folder import put_aside_what_is_no_time

_KILOBYTE: Final = 1000
_MAX_DEPTH: Final = 20
_LONG_AGO: Final = datetime.datetime.min


class Collect(ExchangeCollect):  # type: ignore[misc]
    """Collects files, and nothing that leads elsewhere."""

    def _path_to_record(self, path: str) -> Any:
        """Read the student and the time of a submission; an unreadable time is long ago."""
        try:
            return super()._path_to_record(path)
        except Exception:  # dateutil's are of many kinds
            name = os.path.basename(path)
            self.log.warning("%r says no time when it was handed in", name)
            return {"username": name.split("+")[0], "filename": name, "timestamp": _LONG_AGO}

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy a submission to where it is graded."""
        target = Path(dest).parent
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".collect-", dir=target) as folder:
            copy = Path(folder, "copy")
            copy.mkdir()
            for name, why in _copy_files(
                src,
                copy,
                self.coursedir.max_file_size * _KILOBYTE,
                self.coursedir.max_dir_size * _KILOBYTE,
            ):
                self.log.warning("%r in %r is left out: %s", name, os.path.basename(src), why)
            super().do_copy(str(copy), dest, log)
        put_aside_what_is_no_time(Path(dest), self.log)


def _copy_files(src: str, target: Path, max_file: int, max_all: int) -> list[tuple[str, str]]:
    """Copy the files of a folder that somebody else may be changing meanwhile.

    Args:
        src: the folder; nothing is copied if it is a link.
        target: a folder that exists.
        max_file, max_all: how many bytes a file may have, and all of them.

    Returns:
        The files that are left out, each with the reason.
    """
    left_out = []
    for above, folders, files, descriptor in os.fwalk(src, follow_symlinks=False):
        inside = target / os.path.relpath(above, src)
        if len(inside.parts) - len(target.parts) == _MAX_DEPTH:
            left_out += [(name, "it is nested too deeply") for name in folders]
            folders.clear()
        for name in folders:
            try:
                mode = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode
            except OSError:
                continue  # it is gone
            if stat.S_ISLNK(mode):
                left_out.append((name, "it is a link"))
            else:
                (inside / name).mkdir()
        # Files that are graded come before others, which may fill the space.
        for name in sorted(files, key=lambda name: (not name.endswith((".ipynb", ".py")), name)):
            try:
                size = _copy_file(name, descriptor, inside / name, min(max_file, max_all))
            except OSError as error:
                left_out.append((name, error.strerror or "it is no file"))
            else:
                max_all -= size
    return left_out


def _copy_file(name: str, folder: int, target: Path, limit: int) -> int:
    """Copy a file that is one, and return its size.

    Raises:
        OSError: it is a link or the like, cannot be read, or is too large.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with open(os.open(name, flags, dir_fd=folder), "rb") as source:
        status = os.fstat(source.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "it is no file")
        if status.st_size > limit:
            raise OSError(0, f"it has {status.st_size / 1e6:.1f} MB, too many")
        with target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
    return status.st_size

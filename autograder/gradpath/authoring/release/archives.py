"""Zip files whose bytes depend on their contents only."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import Final

from gradpath.errors import GradpathError

Files = dict[str, bytes]
"""The contents of files by their POSIX path within an archive."""

DEFAULT_EPOCH: Final = 1_577_836_800
"""2020-01-01: any time will do, as long as it is the same everywhere."""

_EARLIEST: Final = 315_532_800  # 1980-01-01; a zip cannot hold an earlier time
_LATEST: Final = 4_354_819_198  # 2107-12-31, nor a later one
_UNIX: Final = 3
_REGULAR_FILE: Final = 0o100000

Time = tuple[int, int, int, int, int, int]


def zip_bytes(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """Return a zip with these files, the same bytes on every machine.

    Entries are sorted and stored: deflate compresses differently in different builds of zlib. Modes
    are 0644, or 0755 for executable files. Times are `SOURCE_DATE_EPOCH`, or a constant.

    Args:
        files: contents by path; `/` separates folders.
        executable: the paths that get the mode 0755.

    Raises:
        GradpathError: `SOURCE_DATE_EPOCH` is no time that a zip can hold.
        ValueError: a path is absolute, leads out of the archive, or an executable is not there.
    """
    missing = set(executable) - set(files)
    if missing:
        raise ValueError(f"not in the archive: {', '.join(sorted(missing))}")
    when = entry_time()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            _must_be_plain(path)
            entry = zipfile.ZipInfo(path, when)
            entry.create_system = _UNIX  # otherwise Windows writes its own number and no modes
            mode = 0o755 if path in executable else 0o644
            entry.external_attr = (_REGULAR_FILE | mode) << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def read_zip(data: bytes) -> Files:
    """Return the files of a zip that was made by us."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            entry.filename: archive.read(entry)
            for entry in archive.infolist()
            if not entry.is_dir()
        }


def entry_seconds() -> int:
    """Return the time of every entry in seconds since 1970: `SOURCE_DATE_EPOCH`, or a constant.

    Raises:
        GradpathError: the variable is no whole number of seconds, or outside of 1980 to 2107.
    """
    text = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    if not text:
        return DEFAULT_EPOCH
    if text.isascii() and text.isdigit() and _EARLIEST <= int(text) <= _LATEST:
        return int(text)
    raise GradpathError(
        f"SOURCE_DATE_EPOCH is {text!r}; it must be seconds since 1970 for a time from 1980 "
        "to 2107, or unset"
    )


def entry_time() -> Time:
    """Return the time of every entry of a zip, in UTC.

    Raises:
        GradpathError: `SOURCE_DATE_EPOCH` is no time that a zip can hold.
    """
    moment = time.gmtime(entry_seconds())
    return (*moment[:5], moment[5] - moment[5] % 2)  # a zip counts in steps of two seconds


def _must_be_plain(path: str) -> None:
    parts = PurePosixPath(path).parts
    plain = path == "/".join(parts) and path and not path.startswith("/") and "\\" not in path
    if not plain or ".." in parts:
        raise ValueError(f"{path!r} cannot be a path within an archive")

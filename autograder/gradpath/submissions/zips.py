"""Zips: opening one and reading its members, though it may be made to do harm.

`zipfile` makes an object of each entry before anybody can count them, believes the sizes in the
headers, and unpacks up to 2 GB at once. So the directory is looked at before `zipfile` sees it,
members are read only up to a limit, and nothing is ever extracted.
"""

from __future__ import annotations

import bz2
import io
import itertools
import lzma
import stat
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from gradpath.errors import GradpathError, SubmissionError
from gradpath.text import tidy
from gradpath.text.messages import Message

MAX_FILES: Final = 50_000
MAX_DIRECTORY: Final = 16_000_000
"""Bytes of an archive's directory: 50,000 entries with names of 270 bytes."""

MAX_TAR: Final = 50_000_000
"""Bytes of a tar archive, unpacked."""
_MAX_LZMA: Final = 100_000_000

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The methods of every program that packs. Others unpack a few bytes to gigabytes at once."""

_ENTRY: Final = b"PK\x01\x02"
_END: Final = struct.Struct("<4s4H2LH")
_LOCATOR_64: Final = 20
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_MAX_COMMENT: Final = 65_535
_ENCRYPTED: Final = 0x1
_UTF8: Final = 0x800

_OTHERS: Final = (
    (0, b"Rar!", Message("a RAR archive")),
    (0, b"7z\xbc\xaf\x27\x1c", Message("a 7z archive")),
    (0, b"\x1f\x8b", Message("a gzip file")),
    (0, b"BZh", Message("a bzip2 file")),
    (0, b"\xfd7zXZ", Message("an xz file")),
    (257, b"ustar", Message("a tar archive")),
)


class OnDisk(io.RawIOBase):
    """A file that is open only while something is read: there may be thousands of archives."""

    def __init__(self, read: Callable[[int, int], bytes], size: int | Callable[[], int]) -> None:
        """Read `size` bytes in all by `read(position, count)`."""
        self._read = read
        self._given_size = size
        self._position = 0

    @property
    def _size(self) -> int:
        return self._given_size if isinstance(self._given_size, int) else self._given_size()

    @classmethod
    def at(cls, path: Path) -> OnDisk:
        """Read a file.

        Raises:
            OSError: it is not there.
        """

        def read(position: int, count: int) -> bytes:
            with path.open("rb") as file:
                file.seek(position)
                return file.read(count)

        return cls(read, path.stat().st_size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = (0, self._position, self._size)[whence]
        if start + offset < 0:
            raise OSError("a position before the beginning of the file")
        self._position = start + offset
        return self._position

    def read(self, size: int = -1) -> bytes:
        rest = max(self._size - self._position, 0)
        data = self._read(self._position, rest if size < 0 else min(size, rest))
        self._position += len(data)
        return data


def open_zip(file: BinaryIO | OnDisk, name: str, max_files: int = MAX_FILES) -> zipfile.ZipFile:
    """Open an archive, unless it has more entries than is good.

    Args:
        file: its bytes; they are read again whenever a member is.
        name: its name in messages.
        max_files: how many entries it may have.

    Raises:
        GradpathError: it is no zip, or too large.
    """
    try:
        directory = _directory(file)
        if directory is not None and directory.count(_ENTRY) <= max_files:
            return _with_true_names(zipfile.ZipFile(file))
    except GradpathError as error:
        raise GradpathError(Message("{name}: {error}", name=name, error=error)) from None
    except Exception as error:  # zipfile's own errors, and those of damaged headers
        if isinstance(error, OSError) and error.strerror:
            raise GradpathError(
                Message("{name} cannot be read: {reason}", name=name, reason=error.strerror)
            ) from None
        directory = None
    if directory is None:
        raise GradpathError(_no_zip(name, file)) from None
    count = f"{directory.count(_ENTRY):,}".replace(",", " ")
    allowed = f"{max_files:,}".replace(",", " ")
    raise GradpathError(
        Message(
            "{name} has {count} files, {allowed} are allowed; zip only the files to grade",
            name=name,
            count=count,
            allowed=allowed,
        )
    )


def _with_true_names(archive: zipfile.ZipFile) -> zipfile.ZipFile:
    """Read names as UTF-8 where they are that, though no flag of the entry says so.

    Without the flag, `zipfile` takes every byte for a character of the code page 437.
    """
    for info in archive.infolist():
        if not info.flag_bits & _UTF8:
            info.filename = true_name(info.filename)
    return archive


def true_name(name: str) -> str:
    """Return a name that was read as code page 437, as UTF-8 if its bytes are that."""
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def zip_of_tar(data: bytes, name: str) -> bytes:
    """Return a zip of the files in a tar archive, which may be packed by gzip, bzip2 or xz.

    Args:
        data: the archive's bytes.
        name: its name in messages.

    Raises:
        GradpathError: it is no such archive, or too large.
    """
    import tarfile  # here: `gradpath check` does without

    packed = io.BytesIO()
    try:
        plain = _plain_tar(data)
        if len(plain) > MAX_TAR:
            raise GradpathError(
                Message(
                    "{name} has more than the {limit:g} MB unpacked that are allowed; "
                    "pack only the files to grade",
                    name=name,
                    limit=MAX_TAR / 1e6,
                )
            )
        with tarfile.open(fileobj=io.BytesIO(plain)) as tar, zipfile.ZipFile(packed, "w") as target:
            for member in tar:
                entry = zipfile.ZipInfo(member.name.replace("\0", ""))
                if member.issym() or member.islnk():
                    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
                    target.writestr(entry, "")
                elif member.isreg() and not member.issparse():
                    file = tar.extractfile(member)
                    target.writestr(entry, file.read() if file else b"")
    except GradpathError:
        raise
    except Exception as error:  # tarfile's, zlib's, lzma's and those of odd names
        raise GradpathError(
            Message(
                "{name} cannot be unpacked ({reason}); pack its files as a zip",
                name=name,
                reason=tidy(str(error), 100),
            )
        ) from None
    return packed.getvalue()


def _plain_tar(data: bytes) -> bytes:
    """Unpack the outer layer of a tar archive, one byte too many at most."""
    if data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=31).decompress(data, MAX_TAR + 1)
    if data.startswith(b"BZh"):
        return bz2.BZ2Decompressor().decompress(data, MAX_TAR + 1)
    if data.startswith(b"\xfd7zXZ"):
        return lzma.LZMADecompressor(memlimit=_MAX_LZMA).decompress(data, MAX_TAR + 1)
    return data


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    """Unpack a member in memory.

    Args:
        archive: from `open_zip`.
        member: one of its entries.
        limit: bytes that it may have; its header may name fewer.

    Raises:
        SubmissionError: it is too large, a link, encrypted, or damaged.
    """
    data = _unpacked(archive, member, limit + 1)
    if len(data) > limit:
        raise SubmissionError(
            Message("the file has more than the {limit:g} MB that are allowed", limit=limit / 1e6)
        )
    return data


def reader_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> Callable[[], bytes]:
    """Return a function that reads a member; see `read_member`."""
    return lambda: read_member(archive, member, limit)


def head(archive: zipfile.ZipFile, member: zipfile.ZipInfo, count: int) -> bytes:
    """Return the first `count` bytes of a member; none if it cannot be unpacked."""
    try:
        return _unpacked(archive, member, count)
    except SubmissionError:
        return b""


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, count: int) -> bytes:
    if stat.S_ISLNK(member.external_attr >> 16):
        raise SubmissionError(
            Message("the zip holds a link in the place of this file; put the file itself into it")
        )
    if member.flag_bits & _ENCRYPTED:
        raise SubmissionError(Message("the zip is encrypted; pack it again, without a password"))
    if member.compress_type not in _METHODS:
        raise SubmissionError(
            Message(
                "the file is packed with method {method}; pack the zip again "
                "with the usual one, deflate",
                method=member.compress_type,
            )
        )
    try:
        with archive.open(member) as file:
            return file.read(count)
    except Exception as error:  # zipfile lets errors of zlib and others through
        raise SubmissionError(
            Message(
                "the file cannot be unpacked ({reason}); pack the zip again",
                reason=tidy(str(error), 100),
            )
        ) from None


def as_zip(name: str, read: Callable[[], bytes]) -> OnDisk:
    """Return a tar as a zip; it is read once anybody looks into it."""
    return cached(lambda: zip_of_tar(read(), name), None)


def cached(read: Callable[[], bytes], size: int | None) -> OnDisk:
    """Return a file that is read as a whole, once anybody looks into it."""
    key = next(_keys)

    def part(position: int, count: int) -> bytes:
        return _recent.get(key, read)[position : position + count]

    return OnDisk(part, size if size is not None else lambda: len(_recent.get(key, read)))


def _directory(file: BinaryIO | OnDisk) -> bytes | None:
    """Return the bytes that `zipfile` will read entries from; None where there is no zip.

    Raises:
        GradpathError: the directory is too large.
    """
    size = file.seek(0, io.SEEK_END)
    begin = max(size - _END.size - _MAX_COMMENT - 1, 0)
    file.seek(begin)
    tail = file.read()
    at = len(tail) - _END.size
    if at < 0 or not (tail.startswith(b"PK\x05\x06", at) and tail.endswith(b"\0\0")):
        at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return None
    length, end = _END.unpack_from(tail, at)[5], begin + at
    at_64 = end - _LOCATOR_64 - _END_64.size
    if at_64 >= 0:
        file.seek(at_64)
        record = file.read(_END_64.size + _LOCATOR_64)
        if record.startswith(b"PK\x06\x06") and record.startswith(b"PK\x06\x07", _END_64.size):
            length, end = _END_64.unpack_from(record)[8], at_64
    if length > MAX_DIRECTORY:
        raise GradpathError(
            Message(
                "the table of contents has {length:.0f} MB, {limit:g} MB are "
                "allowed; zip only the files to grade",
                length=length / 1e6,
                limit=MAX_DIRECTORY / 1e6,
            )
        )
    if end < length:
        return None
    file.seek(end - length)
    return file.read(length)


def _no_zip(name: str, file: BinaryIO | OnDisk) -> Message:
    """Name the kind of a file that is no zip, and the remedy."""
    file.seek(0)
    start = file.read(512)
    for position, mark, kind in _OTHERS:
        if start.startswith(mark, position):
            return Message(
                "{name} is no zip file but {kind}; pack its files again as a zip",
                name=name,
                kind=kind,
            )
    return Message("{name} is no zip file; pack it again or unpack it first", name=name)


class _RecentArchives:
    """The few archives inside of archives that were read last; memory has no room for all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def get(self, key: int, read: Callable[[], bytes]) -> bytes:
        """Return the bytes that `read` gives, or gave a short time ago."""
        with self._lock:
            data = self._held.pop(key, None)
        if data is None:
            data = read()  # which may ask for the archive around this one
        with self._lock:
            self._held[key] = data
            while len(self._held) > self._most:
                del self._held[next(iter(self._held))]
            return data


_recent: Final = _RecentArchives(4)
_keys: Final = itertools.count()

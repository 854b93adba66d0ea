"""Zips that no program would make, written byte by byte."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

GIGABYTE = 2**30
_MAX_32 = 0xFFFFFFFF


@dataclass(frozen=True)
class Entry:
    """A member. Fields that stay None are right; `at` is where its data lie, to overlap."""

    name: bytes
    data: bytes = b"x = 1\n"
    method: int = 8
    size: int | None = None
    flags: int = 0x800
    mode: int = 0o100644
    packed: bytes | None = None
    at: int | None = None
    extra: bytes = b""


def raw_zip(
    *entries: Entry,
    directory_size: int | None = None,
    count: int | None = None,
    zip64: bool = False,
) -> bytes:
    """Return a zip of these members; the named arguments are lies about its directory."""
    body, directory = bytearray(), bytearray()
    for entry in entries:
        packed = entry.packed
        if packed is None:
            packed = deflated(entry.data) if entry.method == 8 else entry.data
        size = len(entry.data) if entry.size is None else entry.size
        extra = entry.extra
        if size > _MAX_32:
            extra += struct.pack("<HHQ", 1, 8, size)
        crc = zlib.crc32(entry.data)
        sizes = (crc, len(packed), min(size, _MAX_32), len(entry.name))
        common = struct.pack("<HHHH", entry.flags, entry.method, 0, 0x21)
        at = entry.at
        if at is None:
            at = len(body)
            body += b"PK\3\4" + struct.pack("<H", 45) + common + struct.pack("<LLLH", *sizes)
            body += struct.pack("<H", len(extra)) + entry.name + extra + packed
        directory += b"PK\1\2" + struct.pack("<HH", 0x031E, 45) + common
        directory += struct.pack("<LLLHH", *sizes, len(extra))
        directory += struct.pack("<HHHLL", 0, 0, 0, entry.mode << 16, at) + entry.name + extra
    length = len(directory) if directory_size is None else directory_size
    number = len(entries) if count is None else count
    end = b""
    if zip64:
        start = len(body)
        numbers = (44, 45, 45, 0, 0, number, number, length, start)
        end += struct.pack("<4sQ2H2L4Q", b"PK\6\6", *numbers)
        end += struct.pack("<4sLQL", b"PK\6\7", 0, start + len(directory), 1)
    end += struct.pack(
        "<4s4H2LH",
        *(b"PK\5\6", 0, 0, min(number, 0xFFFF), min(number, 0xFFFF)),
        *(min(length, _MAX_32), len(body), 0),
    )
    return bytes(body + directory) + end


def deflated(data: bytes) -> bytes:
    """Return the data that a zip has for these bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def deflated_zeros(size: int) -> bytes:
    """Return the data that a zip has for so many zero bytes, a multiple of 64 MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(2**26)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * (size // 2**26) + packer.flush()


def bomb(name: bytes, size: int, said: int | None = None) -> Entry:
    """Return a member of zeros; `said` is the size that its header tells."""
    return Entry(name, b"", size=size if said is None else said, packed=deflated_zeros(size))


def overlapping(names: Sequence[bytes], size: int) -> bytes:
    """Return a zip of members with the same bytes, as in Fifield's bombs."""
    first, *others = names
    packed = deflated_zeros(size)
    return raw_zip(
        Entry(first, b"", size=size, packed=packed),
        *(Entry(name, b"", size=size, packed=packed, at=0) for name in others),
    )

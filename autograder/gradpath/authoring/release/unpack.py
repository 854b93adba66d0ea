"""Everything that is written in a file: archives in archives, notebooks, pictures, recordings.

`pieces` takes a file apart, as deep as it goes, and yields what can be searched as text. It knows
the formats that a bundle for students is made of, and a few that might get into one by mistake.
Anything else is a `Trouble`: what cannot be read cannot be searched, and the gate is there to be
sure. Nothing is written to disk, and sizes are limited before anything is decompressed.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import io
import json
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import msgspec

from gradpath.authoring.release.normalize import split_lines

MAX_DEPTH: Final = 12
"""How deep containers, and texts that are encoded within texts, may lie in each other."""

MAX_FILE: Final = 64 * 2**20
"""The largest file that is searched, in bytes after decompression."""

MAX_TOTAL: Final = 512 * 2**20
"""The most that is searched in one bundle, in bytes after decompression."""

MAX_ENTRIES: Final = 10_000
"""The most files in one archive."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP: Final = b"\x1f\x8b\x08"
_BZIP: Final = b"BZh"
_XZ: Final = b"\xfd7zXZ\x00"
_STRONG: Final = (_PNG, *_ZIP, _GZIP, _BZIP, _XZ)
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")

_PRINTABLE: Final = re.compile(rb"[\t\n\r\x20-\x7e]{6,}")
_PRINTABLE_LE: Final = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")
_PRINTABLE_BE: Final = re.compile(rb"(?:\x00[\x20-\x7e]){6,}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_BASE64_LINE: Final = re.compile(r"[\s\"',]*([A-Za-z0-9+/_-]{4,}={0,2})(?:\\n)?[\s\"',]*")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){12,}")
_DATA_URI: Final = re.compile(r"data:[\w/+.;=-]*;base64,([A-Za-z0-9+/=]+)")
_PICTURE: Final = re.compile(r"(?:image|audio|video|font)/(?!svg)")


@dataclass(frozen=True)
class Text:
    """A text to be searched."""

    path: str
    text: str
    line: int | None = None
    """The line of the file that all of it comes from; None: the text has lines of its own."""


@dataclass(frozen=True)
class Name:
    """The name of a file or of an entry of an archive."""

    path: str
    name: str


@dataclass(frozen=True)
class Trouble:
    """Something that must not be in a file for students, whatever it says."""

    path: str
    kind: Any
    reason: str
    line: int | None = None


Piece = Text | Name | Trouble


def pieces(name: str, data: bytes) -> Iterator[Piece]:
    """Take a file apart.

    Args:
        name: the file's name; the paths of what is inside begin with it.
        data: its contents.

    Returns:
        Texts, names, and what cannot be searched, in the order of the file.
    """
    yield from _Reader().file(name, name, data, _Place())


class _TooMuch(Exception):
    """More than the gate is willing to search."""


@dataclass(frozen=True)
class _Place:
    """How deep something lies, and on which line if it has no lines of its own."""

    depth: int = 0
    line: int | None = None

    def inside(self, line: int | None = None) -> _Place:
        """Return the place of something that lies in what is here, on this line of it."""
        return _Place(self.depth + 1, line if self.line is None else self.line)


class _Reader:
    """Takes one bundle apart and counts what it has read."""

    def __init__(self) -> None:
        self.left = MAX_TOTAL

    def file(self, path: str, name: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the pieces of a file with a name."""
        yield Name(path, name)
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.suffix in (".pyc", ".pyo") or "__pycache__" in parts.parts:
            yield Trouble(path, "bytecode", "compiled Python", place.line)
        else:
            yield from self.data(path, data, place)

    def data(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the pieces of some bytes, whatever they are."""
        if not data:
            return
        if place.depth > MAX_DEPTH:
            yield _unsearchable(path, f"more than {MAX_DEPTH} containers in each other", place)
            return
        self.left -= len(data)
        if len(data) > MAX_FILE or self.left < 0:
            yield _unsearchable(path, "larger than what is searched", place)
            return
        try:
            yield from self._known(path, data, place)
        except _TooMuch:
            yield _unsearchable(path, "larger than what is searched when decompressed", place)
        except RecursionError:
            yield _unsearchable(path, "nested too deeply", place)
        except (*_BROKEN, ValueError) as error:
            yield _unsearchable(path, f"damaged ({error or type(error).__name__})", place)
            yield from self._strings(path, data, place)

    def _known(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        if _is_bytecode(data):
            yield Trouble(path, "bytecode", "compiled Python", place.line)
        elif data.startswith(_PNG):
            yield from self._picture(path, data, place)
        elif data.startswith(_ZIP) or (b"PK\x05\x06" in data and _is_zip(data)):
            yield from self._zip(path, data, place)
        elif data.startswith(_GZIP):
            # The file's name and a comment stand in front of what is compressed.
            yield from self._strings(path, data[:512], place)
            yield from self._stream(path, data, place, lambda: zlib.decompressobj(31))
        elif data.startswith(_BZIP):
            yield from self._stream(path, data, place, bz2.BZ2Decompressor)
        elif data.startswith(_XZ):
            yield from self._stream(path, data, place, lzma.LZMADecompressor)
        elif data[257:262] == b"ustar":
            yield from self._tar(path, data, place)
        elif _is_zlib(data):
            yield from self._stream(path, data, place, zlib.decompressobj)
        elif (text := _decode(data)) is not None:
            must_be_json = PurePosixPath(path).suffix in (".ipynb", ".json")
            yield from self._text(path, text, place, must_be_json=must_be_json)
        else:
            yield from self._binary(path, data, place)

    # -- archives and compressed files ------------------------------------------------------------

    def _zip(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise _TooMuch
            spans = [_directory(data, archive.start_dir)]
            yield from self._strings(path, data[slice(*spans[0])], place)
            for entry in entries:
                inner = f"{path} > {entry.filename}"
                start, body, end = _entry_span(data, entry)
                spans.append((start, end))
                yield from self._strings(path, data[start:body], place)
                if entry.flag_bits & 1:
                    yield _unsearchable(inner, "encrypted", place)
                    continue
                if entry.is_dir() and entry.file_size == 0:
                    yield Name(inner, entry.filename)
                    continue
                if entry.file_size > min(MAX_FILE, self.left):
                    yield _unsearchable(inner, "larger than what is searched", place)
                    continue
                try:
                    contents = archive.read(entry)
                except (*_BROKEN, NotImplementedError) as error:
                    yield _unsearchable(inner, f"damaged ({error})", place)
                    continue
                yield from self.file(inner, entry.filename, contents, place.inside())
        for start, end in _gaps(spans, len(data)):
            if data[start : start + 4] == b"PK\x07\x08" and end - start <= 24:
                continue  # the sizes of an entry, written behind it
            yield _unsearchable(path, f"{end - start} bytes that belong to no entry", place)
            yield from self.data(path, data[start:end], place.inside())
            yield from self._strings(path, data[start:end], place)

    def _tar(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for count, member in enumerate(archive):
                if count >= MAX_ENTRIES:
                    raise _TooMuch
                inner = f"{path} > {member.name}"
                words = [member.linkname, member.uname, member.gname]
                words += [word for pair in member.pax_headers.items() for word in pair]
                yield Text(inner, "\n".join(map(str, words)), 0)
                contents = archive.extractfile(member) if member.isfile() else None
                if contents is None:
                    yield Name(inner, member.name)
                elif member.size > min(MAX_FILE, self.left):
                    yield _unsearchable(inner, "larger than what is searched", place)
                else:
                    yield from self.file(inner, member.name, contents.read(), place.inside())
            rest = data[archive.offset :].strip(b"\0")
        if rest:
            yield _unsearchable(path, f"{len(rest)} bytes behind the last entry", place)
            yield from self.data(path, rest, place.inside())

    def _stream(
        self, path: str, data: bytes, place: _Place, start: Callable[[], Any]
    ) -> Iterator[Piece]:
        limit = min(MAX_FILE, self.left)
        decompressor = start()
        contents = decompressor.decompress(data, limit + 1)
        if len(contents) > limit:
            raise _TooMuch
        if not decompressor.eof:
            raise zlib.error("cut short")
        yield from self.data(path, contents, place.inside())
        # Behind the end there may be a second stream, or anything else.
        yield from self.data(path, decompressor.unused_data, place.inside())

    # -- pictures and recordings ------------------------------------------------------------------

    def _picture(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the texts of a PNG, and whatever else in it is not the picture."""
        at, kind = len(_PNG), b""
        while at < len(data) and kind != b"IEND":
            size, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8 : at + 8 + size]
            if len(body) < size or len(data) < at + 12 + size:
                raise ValueError("cut short")
            at += 12 + size
            if kind in (b"tEXt", b"zTXt", b"iTXt"):
                yield from self._picture_text(path, kind, body, place)
            elif kind not in (b"IDAT", b"IHDR", b"PLTE"):
                yield from self._strings(path, body, place)
        if kind != b"IEND":
            raise ValueError("cut short")
        if data[at:]:
            yield _unsearchable(path, f"{len(data) - at} bytes behind the picture", place)
            yield from self.data(path, data[at:], place.inside())

    def _picture_text(self, path: str, kind: bytes, body: bytes, place: _Place) -> Iterator[Piece]:
        keyword, _, rest = body.partition(b"\0")
        packed = kind == b"zTXt"
        if kind == b"iTXt":
            packed, rest = rest[:1] == b"\1", rest[2:]
            language, _, rest = rest.partition(b"\0")
            translated, _, rest = rest.partition(b"\0")
            keyword += b"\n" + language + b"\n" + translated
        elif packed:
            rest = rest[1:]
        if packed:
            decompressor = zlib.decompressobj()
            rest = decompressor.decompress(rest, MAX_FILE)
            if not decompressor.eof:
                raise _TooMuch
            yield from self._strings(path, decompressor.unused_data, place)
        # Latin-1 gives every byte a character, so that nothing is lost if it is something else.
        text = _decode(rest) or rest.decode("latin-1")
        yield Text(path, keyword.decode("latin-1"), place.line or 0)
        yield from self._text(path, text, place.inside(place.line or 0))

    def _binary(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the texts of a message, or complain."""
        try:
            value = msgspec.msgpack.decode(data)
        except (msgspec.MsgspecError, ValueError):
            value = None
        if isinstance(value, dict | list):
            yield from self._values(path, "", value, place)
            return
        yield _unsearchable(path, "neither text nor a format that can be searched", place)
        yield from self._strings(path, data, place)

    # -- texts, and what is written in them -------------------------------------------------------

    def _text(
        self, path: str, text: str, place: _Place, *, must_be_json: bool = False
    ) -> Iterator[Piece]:
        if place.depth > MAX_DEPTH:
            yield _unsearchable(path, f"more than {MAX_DEPTH} containers in each other", place)
            return
        if must_be_json or text.lstrip()[:1] in ("{", "["):
            try:
                # Of two entries of the same name, a dict would keep only the second.
                value = json.loads(text, object_pairs_hook=_Pairs)
            except ValueError as error:
                if must_be_json:
                    yield _unsearchable(path, f"not JSON ({error})", place)
            else:
                if isinstance(value, _Pairs | list):
                    yield from self._values(path, "", value, place)
                    return
        yield Text(path, text, place.line)
        yield from self._encoded(path, text, place)

    def _values(self, path: str, where: str, value: Any, place: _Place) -> Iterator[Piece]:
        """Yield all texts of a notebook or a message, with the place where each was found."""
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            # How notebooks write a text of several lines.
            ended = any(item.endswith("\n") for item in value)
            value = ("" if ended else "\n").join(value)
        if isinstance(value, str):
            yield from self._text(f"{path} > {where}" if where else path, value, place.inside())
        elif isinstance(value, dict):
            yield from self._values(path, where, _Pairs(value.items()), place)
        elif isinstance(value, _Pairs):
            for key, item in value:
                name = str(key)
                inner = f"{where}.{name[:40]}" if where else name[:40]
                yield Text(f"{path} > {inner}", name, 0)
                if _PICTURE.match(name) and isinstance(item, str | list):
                    yield from self._base64(path, inner, item, place)
                else:
                    yield from self._values(path, inner, item, place)
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value):
                yield from self._values(path, f"{where}[{index}]", item, place)
        elif isinstance(value, bytes | msgspec.msgpack.Ext):
            data = bytes(value.data) if isinstance(value, msgspec.msgpack.Ext) else value
            yield from self._strings(f"{path} > {where}", data, place)

    def _base64(self, path: str, where: str, item: Any, place: _Place) -> Iterator[Piece]:
        """Yield the pieces of a picture or the like, which a notebook holds as base64."""
        inner = f"{path} > {where}"
        text = "".join(map(str, item)) if isinstance(item, list) else item
        yield Text(inner, text, 0)
        try:
            data = base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error:
            yield _unsearchable(inner, "not base64", place)
        else:
            yield from self.data(inner, data, place.inside(0))

    def _encoded(self, path: str, text: str, place: _Place) -> Iterator[Piece]:
        """Yield the pieces of what a text holds as base64 or as hexadecimal digits."""
        for match in _DATA_URI.finditer(text):
            try:
                data = base64.b64decode(match[1] + "=" * (-len(match[1]) % 4), validate=True)
            except binascii.Error:
                continue
            line = text.count("\n", 0, match.start()) + 1
            yield from self.data(path, data, place.inside(line))
        for number, block in _blocks(text):
            for data in _decodings(block):
                # Most blocks are just long names, and what they decode to is nothing.
                if data.startswith(_STRONG) or _is_bytecode(data) or _is_zlib(data):
                    yield from self.data(path, data, place.inside(number))
                elif (inner := _decode(data)) is not None and _readable(inner):
                    yield from self._text(path, inner, place.inside(number))

    def _strings(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield what can be read in bytes that are no text."""
        found = [match[0].decode("ascii") for match in _PRINTABLE.finditer(data)]
        found += [match[0].decode("utf-16-le") for match in _PRINTABLE_LE.finditer(data)]
        found += [match[0].decode("utf-16-be") for match in _PRINTABLE_BE.finditer(data)]
        if found:
            yield from self._text(path, "\n".join(found), place.inside(0))


class _Pairs(list[tuple[Any, Any]]):
    """The entries of an object in JSON, with those that have the same name."""


_BROKEN: Final = (
    EOFError,
    OSError,
    lzma.LZMAError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


def _unsearchable(path: str, reason: str, place: _Place) -> Trouble:
    return Trouble(path, "unsearchable", reason, place.line)


def _decode(data: bytes) -> str | None:
    """Decode a text in UTF-8 or UTF-16; None if it is neither."""
    if data.startswith(_UTF_16):
        encodings = ["utf-16"]
    elif b"\0" not in data:
        encodings = ["utf-8-sig"]
    elif data.count(0) * 3 > len(data) >= 8:
        encodings = ["utf-16-le", "utf-16-be"]
    else:
        return None
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Read as UTF-16, nearly any bytes are a text, but hardly one in English.
        english = sum(map(str.isascii, text)) * 2 > len(text) and _readable(text)
        if encoding == "utf-8-sig" or english:
            return text
    return None


def _readable(text: str) -> bool:
    return all(c.isprintable() or c in "\t\n\r\f\x1b\ufeff" for c in text)


def _is_bytecode(data: bytes) -> bool:
    """Tell whether this is a .pyc file of any Python 3, or a code object as marshal writes it."""
    if len(data) < 17:
        return False
    magic = int.from_bytes(data[:2], "little")
    if data[2:4] == b"\r\n" and 3000 <= magic < 5000 and data[4:8] <= b"\3\0\0\0":
        return True
    # A code object begins with small numbers of four bytes: how many arguments of which kind.
    return data[0] & 0x7F == ord("c") and all(data[i : i + 3] == bytes(3) for i in (2, 6, 10))


def _is_zlib(data: bytes) -> bool:
    if len(data) < 8 or data[0] & 0x8F != 8 or int.from_bytes(data[:2]) % 31 or data[1] & 0x20:
        return False
    decompressor = zlib.decompressobj()
    try:
        contents = decompressor.decompress(data, MAX_FILE)
    except zlib.error:
        return False
    return decompressor.eof or len(contents) == MAX_FILE


def _is_zip(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def _directory(data: bytes, start: int) -> tuple[int, int]:
    """Return where the directory at the end of a zip starts, and where its comment ends."""
    at = start
    while data[at : at + 4] == b"PK\x01\x02":
        at += 46 + sum(struct.unpack_from("<HHH", data, at + 28))
    if data[at : at + 4] == b"PK\x05\x06":
        at += 22 + struct.unpack_from("<H", data, at + 20)[0]
    return start, at


def _entry_span(data: bytes, entry: zipfile.ZipInfo) -> tuple[int, int, int]:
    """Return where an entry starts, where its contents start, and where it ends."""
    start = entry.header_offset
    body = start + 30 + sum(struct.unpack_from("<HH", data, start + 26))
    return start, body, body + entry.compress_size


def _gaps(spans: list[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """Yield what no span covers."""
    at = 0
    for start, end in sorted(spans):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < size:
        yield at, size


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield what may be base64 or hexadecimal, with its line; also what goes over many lines."""
    first, group = 0, list[str]()
    for number, line in enumerate([*split_lines(text), ""], 1):
        for match in _BASE64.finditer(line):
            yield number, match[0]
        whole = _BASE64_LINE.fullmatch(line)
        if whole:
            first = first if group else number
            group.append(whole[1])
            continue
        if len(group) > 1:
            yield first, "".join(group)
        group = []


def _decodings(block: str) -> Iterator[bytes]:
    """Yield what a block may stand for; what it begins with may not belong to it."""
    for part in filter(None, block.translate(_URL_SAFE).split("=")):
        for skipped in range(4):
            usable = part[skipped:]
            usable = usable[: len(usable) - (len(usable) % 4 == 1)]
            yield base64.b64decode(usable + "=" * (-len(usable) % 4))
    for match in _HEX.finditer(block):
        yield bytes.fromhex(match[0])


_URL_SAFE: Final = str.maketrans("-_", "+/")

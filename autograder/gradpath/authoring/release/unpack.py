"""The texts of a bundle's files: zips and wheels, notebooks, pictures, recordings.

`pieces` takes a file apart, as deep as it goes, and yields texts to be searched. The name of a file
says how it is read. A kind of file that no bundle holds, and a file that is not of the kind that
its name says, are each a `Trouble`: the gate cannot search them, so the release stops. Nothing is
written to disk, and sizes are limited before anything is decompressed.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import msgspec

from gradpath.authoring.release import normalize
from gradpath.authoring.release.archives import read_zip, zip_bytes

MAX_DEPTH: Final = 12
"""How deep containers, and texts that are encoded within texts, may lie in each other."""

MAX_FILE: Final = 64 * 2**20
"""The largest file that is searched, in bytes after decompression."""

MAX_TOTAL: Final = 512 * 2**20
"""The most that is searched in one bundle, in bytes after decompression."""

MAX_ENTRIES: Final = 10_000
"""The most files in one archive."""

# By suffix; files of a wheel's metadata have none.
_ZIPS: Final = (".whl", ".zip")
_JSON: Final = (".ipynb", ".json")
_TEXTS: Final = (
    *(".html", ".md", ".py", ".toml", ".txt", ".typed", ".yml"),
    *("LICENSE", "METADATA", "RECORD", "WHEEL"),
)
_NUMBERS: Final = (int, float, type(None))
_BYTECODE: Final = (".pyc", ".pyo")

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ZIP: Final = b"PK\x03\x04"
# Chunks without a text: those of every picture, and its resolution, which matplotlib adds.
_DRAWN: Final = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"pHYs")

_PRINTABLE: Final = re.compile(rb"[\t\n\r\x20-\x7e]{6,}")
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
    """Contents of a file that must not reach students, because nobody can search them."""

    path: str
    kind: Any
    reason: str
    line: int | None = None


@dataclass(frozen=True)
class End:
    """The end of a file or of an entry of an archive: all its pieces came before."""

    path: str
    file: File


File = tuple[str, bytes]
"""A name, which decides how a file is searched, and its contents."""

Piece = Text | Name | Trouble | End


def pieces(name: str, data: bytes, clean: Container[File] = ()) -> Iterator[Piece]:
    """Take a file apart.

    Args:
        name: the file's name; the paths of files inside begin with it.
        data: its contents.
        clean: files that need no search; only their names are yielded.

    Returns:
        Texts, names, troubles and ends in the order of the file.
    """
    yield from _Reader(clean).file(name, name, data, _Place())


class _TooMuch(Exception):
    """More than the gate is willing to search."""


@dataclass(frozen=True)
class _Place:
    """How deep something lies, and on which line if it has no lines of its own."""

    depth: int = 0
    line: int | None = None

    def inside(self, line: int | None = None) -> _Place:
        """Return the place of something inside, on this line."""
        return _Place(self.depth + 1, line if self.line is None else self.line)


class _Reader:
    """Takes one bundle apart and counts the bytes that it has read."""

    def __init__(self, clean: Container[File]) -> None:
        self.left = MAX_TOTAL
        self._clean = clean

    def file(self, path: str, name: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the pieces of a file with a name."""
        yield Name(path, name)
        if (name, data) not in self._clean:
            yield from self._contents(path, name, data, place)
            yield End(path, (name, data))

    def _contents(self, path: str, name: str, data: bytes, place: _Place) -> Iterator[Piece]:
        parts = PurePosixPath(name)
        kind = parts.suffix or parts.name
        if kind in _BYTECODE or "__pycache__" in parts.parts:
            yield Trouble(path, "bytecode", "compiled Python", place.line)
        elif kind in _ZIPS:
            yield from self._guarded(self._zip, path, data, place)
        elif kind in _JSON:
            yield from self._guarded(self._json, path, data, place)
        elif kind in _TEXTS:
            yield from self._guarded(self._plain, path, data, place)
        elif kind == ".po":
            yield from self._guarded(self._catalogue, path, data, place)
        elif kind == ".png":
            yield from self._guarded(self._picture, path, data, place)
        elif kind == ".msgpack":
            yield from self._guarded(self._recording, path, data, place)
        else:
            yield _unsearchable(path, "a kind of file that no bundle holds", place)

    def _guarded(
        self,
        read: Callable[[str, bytes, _Place], Iterator[Piece]],
        path: str,
        data: bytes,
        place: _Place,
    ) -> Iterator[Piece]:
        """Yield the pieces of some bytes; damage to them is a finding."""
        self.left -= len(data)
        if place.depth > MAX_DEPTH:
            yield _unsearchable(path, f"more than {MAX_DEPTH} containers in each other", place)
        elif len(data) > MAX_FILE or self.left < 0:
            yield _unsearchable(path, "larger than the gate searches", place)
        else:
            try:
                yield from read(path, data, place)
            except _TooMuch:
                yield _unsearchable(path, "larger than the gate searches when unpacked", place)
            except RecursionError:
                yield _unsearchable(path, "nested too deeply", place)
            except (ValueError, struct.error, zipfile.BadZipFile, zlib.error) as error:
                yield _unsearchable(path, f"damaged ({error or type(error).__name__})", place)

    # -- zips, pictures and recordings ------------------------------------------------------------

    def _zip(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _TooMuch
        plain = all(
            entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1
            for entry in entries
        )
        # Entries that overlap could make gigabytes of a few bytes.
        files = None
        if plain and sum(entry.file_size for entry in entries) <= len(data):
            files = read_zip(data)
        # Bytes that no entry holds, such as comments and deleted entries, are in no zip of ours.
        if files is None or zip_bytes(files) != data:
            yield _unsearchable(path, "not a zip as a release writes it", place)
            return
        for name, contents in files.items():
            yield from self.file(f"{path} > {name}", name, contents, place.inside())

    def _picture(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the texts of a PNG; bytes that neither draw nor are a text are a finding."""
        if not data.startswith(_PNG):
            raise ValueError("not a PNG")
        at, kind = len(_PNG), b""
        while kind != b"IEND":
            size, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8 : at + 8 + size]
            at += 12 + size
            if at > len(data):
                raise ValueError("cut short")
            if kind in (b"tEXt", b"zTXt", b"iTXt"):
                yield from self._picture_text(path, kind, body, place)
            elif kind not in _DRAWN:
                yield _unsearchable(path, f"a chunk of the kind {kind!r}", place)
        if data[at:]:
            yield _unsearchable(path, f"{len(data) - at} bytes behind the picture", place)

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
            rest = self._inflated(rest)
        # Latin-1 gives every byte a character, so that nothing is lost if it is something else.
        text = _decode(rest) or rest.decode("latin-1")
        yield Text(path, keyword.decode("latin-1"), place.line or 0)
        yield from self._text(path, text, place.inside(place.line or 0))

    def _recording(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the texts of recorded references: a message, compressed."""
        value = msgspec.msgpack.decode(self._inflated(data))
        yield from self._values(path, "", value, place.inside())

    def _inflated(self, data: bytes) -> bytes:
        limit = min(MAX_FILE, self.left)
        decompressor = zlib.decompressobj()
        contents = decompressor.decompress(data, limit + 1)
        if len(contents) > limit:
            raise _TooMuch
        if not decompressor.eof or decompressor.unused_data:
            raise ValueError("cut short, or with bytes behind its end")
        self.left -= len(contents)
        return contents

    # -- texts, and texts that are written in them ------------------------------------------------

    def _plain(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        text = _decode(data)
        if text is None:
            raise ValueError("no text in UTF-8")
        yield from self._text(path, text, place)

    def _catalogue(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield a catalogue of gettext, then each string of it as a whole: lines end anywhere."""
        yield from self._plain(path, data, place)
        for number, text in normalize.strings_of_catalogue(data.decode("utf-8-sig")):
            yield from self._text(path, text, place.inside(number))

    def _json(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        text = _decode(data) or ""
        if _parsed(text) is None:
            yield _unsearchable(path, "not JSON", place)
        yield from self._text(path, text, place)

    def _text(self, path: str, text: str, place: _Place) -> Iterator[Piece]:
        if place.depth > MAX_DEPTH:
            yield _unsearchable(path, f"more than {MAX_DEPTH} containers in each other", place)
            return
        value = _parsed(text)
        if value is not None:
            yield from self._values(path, "", value, place)
            return
        yield from self._encoded(path, text, place)

    def _values(self, path: str, where: str, value: Any, place: _Place) -> Iterator[Piece]:
        """Yield all texts of a notebook or a message, each with its place there."""
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
                elif not isinstance(item, _NUMBERS):
                    yield from self._values(path, inner, item, place)
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value):
                # Nearly all of a recording is numbers: a call for each would take most of the time.
                if not isinstance(item, _NUMBERS):
                    yield from self._values(path, f"{where}[{index}]", item, place)
        elif isinstance(value, bytes | msgspec.msgpack.Ext):
            data = bytes(value.data) if isinstance(value, msgspec.msgpack.Ext) else value
            strings = "\n".join(match[0].decode() for match in _PRINTABLE.finditer(data))
            yield from self._text(f"{path} > {where}", strings, place.inside(0))

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
            yield from self._guarded(self._embedded, inner, data, place.inside(0))

    def _encoded(self, path: str, text: str, place: _Place) -> Iterator[Piece]:
        """Yield the text, and the pieces of data in it as base64 or as hexadecimal digits.

        The base64 of a picture is searched as a picture alone: its letters are no text.
        """
        parts, end = list[str](), 0
        for match in _DATA_URI.finditer(text):
            try:
                data = base64.b64decode(match[1] + "=" * (-len(match[1]) % 4), validate=True)
            except binascii.Error:
                continue
            line = text.count("\n", 0, match.start()) + 1
            yield from self._guarded(self._embedded, path, data, place.inside(line))
            if data.startswith(_PNG):
                parts.append(text[end : match.start(1)])
                end = match.end(1)
        text = "".join([*parts, text[end:]])
        yield Text(path, text, place.line)
        for number, block in normalize.encoded_blocks(text):
            for data in normalize.decodings(block):
                inner = _decode(data)
                # Most blocks are just long names, which decode to nothing.
                if data.startswith((_PNG, _ZIP)) or (inner is not None and _readable(inner)):
                    yield from self._guarded(self._embedded, path, data, place.inside(number))

    def _embedded(self, path: str, data: bytes, place: _Place) -> Iterator[Piece]:
        """Yield the pieces of data without a name: a picture, a zip or a text."""
        if data.startswith(_PNG):
            yield from self._picture(path, data, place)
        elif data.startswith(_ZIP):
            yield from self._zip(path, data, place)
        else:
            yield from self._plain(path, data, place)


class _Pairs(list[tuple[Any, Any]]):
    """The entries of an object in JSON, with those that have the same name."""


def _unsearchable(path: str, reason: str, place: _Place) -> Trouble:
    return Trouble(path, "unsearchable", reason, place.line)


def _parsed(text: str) -> _Pairs | list[Any] | None:
    """Return the value of a text that is an object or a list in JSON; None if it is neither."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        # Of two entries of the same name, a dict would keep only the second.
        value: _Pairs | list[Any] = json.loads(text, object_pairs_hook=_Pairs)
    except ValueError:
        return None
    return value


def _decode(data: bytes) -> str | None:
    """Decode a text in UTF-8; None if it is none."""
    try:
        return None if b"\0" in data else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _readable(text: str) -> bool:
    return all(c.isprintable() or c in "\t\n\r\f\x1b\ufeff" for c in text)

"""Lines of text as the leak gate compares them: without all that changes when code is copied.

Copied code gets another indentation, other quotes, the `>>>` of a session, the line numbers and
colours of a traceback, a comment sign in front, the escapes of JSON or HTML around it. `views`
undoes the encodings, `squash` drops the rest, and `encoded_blocks` finds what may be base64. Both
sides of a comparison go through here.
"""

from __future__ import annotations

import base64
import html
import io
import json
import keyword
import re
import tokenize
import unicodedata
import urllib.parse
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_ENDS: Final = re.compile(r"\r\n|\r|\n")
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_COMMENT: Final = re.compile(r"""((?:[^#"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*)#""")
# Signs in front of a line of code in sessions, tracebacks, diffs, quotations and lists.
_PREFIX: Final = re.compile(r"(?:[\s#]|-+>|>>>|\.\.\.|[>+|*-](?=\s)|\d+[:|.]?(?=\s))+")
_DROPPED: Final = str.maketrans({"'": '"', "#": None, ";": None, "\\": None, "`": None})

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_BASE64_LINE: Final = re.compile(r"[\s\"',]*([A-Za-z0-9+/_-]{4,}={0,2})(?:\\n)?[\s\"',]*")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){12,}")
_STRING: Final = re.compile(r'(?:#[~|] ?)?((?:msg\w+)(?:\[\d\])? )?(".*")')
"""A line of a catalogue with a string or the next part of one; former ones stand in comments."""
_URL_SAFE: Final = str.maketrans("-_", "+/")

_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\n", "t": "\t"}
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>")
_ENTITY: Final = re.compile(r"&#?\w+;")
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")


@dataclass(frozen=True)
class Line:
    """A line of a file, or a part of one that an encoding had made of several."""

    number: int
    text: str


@dataclass(frozen=True)
class Keys:
    """The lines that are left after squashing, in order."""

    lines: Sequence[tuple[int, str]]
    """Numbers and squashed texts; empty lines are left out."""

    joined: str
    """All lines in one, so that code that was wrapped otherwise is still found. Here a sign or a
    quote at the end of a line is kept: it may be the operator at which a formula was wrapped."""

    starts: Sequence[int]
    """Where in `joined` each line starts."""

    numbers: Sequence[int]
    """The numbers of these lines."""

    def number_at(self, place: int) -> int:
        """Return the number of the line that holds this place of `joined`."""
        return self.numbers[bisect_right(self.starts, place) - 1]


def split_lines(text: str) -> list[str]:
    """Split a text where an editor does, so that line numbers agree with it."""
    return _ENDS.split(text)


def encoded_blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield blocks that may be base64 or hexadecimal, over many lines as well, with their line."""
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


def strings_of_catalogue(text: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of a catalogue of gettext, put together, each with its first line.

    Raises:
        ValueError: the text is no catalogue.
    """
    strings: list[tuple[int, str]] = []
    begun = False
    for number, line in enumerate(split_lines(text), 1):
        match = _STRING.fullmatch(line)
        if match and match[1]:
            strings.append((number, json.loads(match[2])))
        elif match and begun:
            first, before = strings[-1]
            strings[-1] = first, before + json.loads(match[2])
        elif match or (line.strip() and not line.startswith("#")):
            raise ValueError(f"line {number} is none of a catalogue")
        begun = match is not None
    yield from strings


def decodings(block: str) -> Iterator[bytes]:
    """Yield the bytes that a block may stand for; its beginning may not belong to it."""
    for part in filter(None, block.translate(_URL_SAFE).split("=")):
        for skipped in range(4):
            usable = part[skipped:]
            usable = usable[: len(usable) - (len(usable) % 4 == 1)]
            yield base64.b64decode(usable + "=" * (-len(usable) % 4))
    for match in _HEX.finditer(block):
        yield bytes.fromhex(match[0])


def views(text: str) -> Iterator[list[Line]]:
    """Yield the lines of a text as they are, then as each encoding that occurs in it has them."""
    text = _COLOURS.sub("", text)
    if not text.isascii():
        text = _without_disguise(text)
    lines = [Line(number, line) for number, line in enumerate(split_lines(text), 1)]
    yield lines
    for sign, decode in _DECODERS:
        if sign.search(text):
            yield [
                Line(line.number, part)
                for line in lines
                for part in (decode(line.text) if sign.search(line.text) else line.text).split("\n")
            ]


def squash(line: str) -> str:
    """Return a line without spaces, prefixes, comment signs and outer quotes."""
    prefix = _PREFIX.match(line)
    return _without_spaces(line[prefix.end() :] if prefix else line).strip('",')


def _without_spaces(line: str) -> str:
    return "".join(line.split()).translate(_DROPPED)


def without_comment(line: str) -> str:
    """Return a line of code without a comment at its end; a `#` in a string is none."""
    match = _COMMENT.match(line) if "#" in line else None
    return match[1] if match else line


def keys_of(lines: Sequence[Line], *, comments: bool = True) -> Keys:
    """Squash lines, with or without their comments."""
    found: list[tuple[int, str]] = []
    parts: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    place = 0
    for line in lines:
        text = line.text if comments else without_comment(line.text)
        part = _without_spaces(text)
        if not part:
            continue
        parts.append(part)
        starts.append(place)
        numbers.append(line.number)
        place += len(part)
        key = squash(text)
        if key:
            found.append((line.number, key))
    return Keys(found, "".join(parts), starts, numbers)


def streams(lines: Sequence[Line]) -> Iterator[Keys]:
    """Yield the lines squashed with their comments, then, if there are any, without."""
    yield keys_of(lines)
    if any("#" in line.text for line in lines):
        yield keys_of(lines, comments=False)


def plain(text: str) -> list[Line]:
    """Return the lines of a text as they are."""
    return next(views(text))


def names_something(line: str) -> bool:
    """Tell whether a line has a name or a number: `}`, `else:` and `return {` have none."""
    words = re.findall(r"\w+", line)
    return any(not keyword.iskeyword(word) for word in words)


def arithmetic(line: str) -> int:
    """Count the operators in a line of code."""
    count = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(line.strip()).readline):
            count += token.type == tokenize.OP and token.string.rstrip("=") in _ARITHMETIC
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass  # a line of something longer; the tokens before the break have been counted
    return count


_ARITHMETIC: Final = frozenset(("+", "-", "*", "/", "//", "**", "@", "%"))


def _without_disguise(text: str) -> str:
    """Return a text without characters that nobody sees, and with plain forms for odd ones."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if c.isascii() or unicodedata.category(c) != "Cf")


def _unescape(line: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPED.get(code, code)

    return _ESCAPE.sub(one, line)


def _without_tags(line: str) -> str:
    return html.unescape(_TAG.sub("", line))


_DECODERS: Final[tuple[tuple[re.Pattern[str], Callable[[str], str]], ...]] = (
    (re.compile(r"\\"), _unescape),
    (_ENTITY, html.unescape),
    (_TAG, _without_tags),
    (_PERCENT, urllib.parse.unquote),
)

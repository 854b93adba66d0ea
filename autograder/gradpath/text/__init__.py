"""Foreign text made safe: `printable` for names, `clean` for texts, `tidy` for lines of results;
`bounded` and `some` for long ones, `question` and `choice` for those with a typo."""

from __future__ import annotations

import difflib
import re
import sysconfig
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import gradpath
from gradpath.text.messages import Message, joined

_JOINERS: Final = "\u200c\u200d"
"""Letters of Persian, Hindi and others need these inside of words."""
_ACTING: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")

_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    # Marks that turn the order of letters around, or that nobody sees; ends of lines; halves of
    # characters, which no file in UTF-8 can hold.
    r"\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)

_FOLDERS: Final = sorted(
    {
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        str(Path(gradpath.__file__).parent.parent),
    },
    key=len,
    reverse=True,
)
_OURS: Final = re.compile(
    "|".join(
        [
            r"(?:/[\w.+~-]+)*/(?:gradpath-(?:run-)?\w+/?)+",
            r"\bgradpath-(?:run-)?[a-z0-9_]{8}\b",  # the last part of such a path by itself
            *(rf"{re.escape(folder)}/?" for folder in _FOLDERS),
        ]
    )
)
"""Paths that differ from machine to machine, and from run to run."""
_CUT: Final = b" ... "
_NAMED: Final = 10
_MAX_NAME: Final = 60
_CHINESE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_PIECE: Final = re.compile(
    rf"[（“《]*[{_CHINESE}][，。；：！？、）”》]*\s*|[^\s{_CHINESE}]+[，。；：！？、）”》]*\s*|\s+"
)
"""A word or a Chinese letter, with the marks that stay beside it."""
_ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def printable(text: str) -> str:
    """Escape characters that would act on a terminal or turn the order of letters around.

    These are control characters, ends of lines, marks of direction and the like, and bytes that are
    no character at all: a file system takes any bytes for a name. Letters of any script stay, and
    different texts stay different.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _ACTING:
        return character
    if "\udc80" <= character <= "\udcff":  # a byte that is no UTF-8, as Python stands for it
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()


def clean(text: str) -> str:
    """Replace characters of a submission's text that would act on a terminal; lines stay lines."""
    return _itself(text, _CONTROL.sub("?", text))


def tidy(text: str, limit: int) -> str:
    """Return one line of text that may stand in a result: short, without paths and addresses."""
    if len(text) <= limit and text.isascii() and (text.isidentifier() or text.isdigit()):
        return text  # a plain word, as most keys of values are
    given, text = text, text[: 4 * limit]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)
    text = _ADDRESS.sub("0x...", _OURS.sub("", text))
    return _itself(given, text if len(text) <= limit else text[: limit - 3] + "...")


def _itself(given: str, text: str) -> str:
    """Return the text that was given if it is the same: a message keeps its tree."""
    return given if given == text else text


def bounded(text: str, limit: int) -> str:
    """Return a text of at most `limit` bytes of UTF-8: a long one without its middle.

    Its end stays, because that is where hints and prices of lateness stand.
    """
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return text
    half = (limit - len(_CUT)) // 2
    return (data[:half] + _CUT + data[-half:]).decode("utf-8", "ignore")


def columns(text: str) -> int:
    """Return the number of columns that a text takes in a font of fixed width."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1
        for c in text
    )


def folded(text: str, width: int) -> list[str]:
    """Break a text into lines of at most so many columns: at blanks, and between Chinese letters.

    Longer words stay whole, and no line begins with a Chinese mark.
    """
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and columns(line) + columns(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def choice(name: str, known: Sequence[str]) -> str:
    """Return the names that there are, after the question whether the nearest was meant."""
    there = Message("there are: {names}", names=joined(", ", known))
    near = question(name, known)
    return Message("{question} {there}", question=near, there=there) if near else there


def question(name: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest of the known names was meant, or nothing."""
    near = difflib.get_close_matches(name, list(known), 1)
    return Message("did you mean {name}?", name=printable(near[0])) if near else ""


def first_of(things: Sequence[object], named: int = 1) -> str:
    """Return the first of some things in words, and how many more there are, for staff."""
    first = "; ".join(map(str, things[:named]))
    more = len(things) - named
    return f"{first} (and {more} more)" if more > 0 else first


def some(names: Sequence[str], count: int | None = None, shown: Callable[[str], str] = str) -> str:
    """Return the first of some names, and how many more there are.

    Args:
        names: the names, or the first of them.
        count: how many there are, if not all are in `names`.
        shown: called with each of the first, for the text that stands for it.
    """
    first = [tidy(shown(name), _MAX_NAME) for name in names[:_NAMED]]
    more = (len(names) if count is None else count) - len(first)
    return joined(", ", [*first, Message("and {count:,} more", count=more) if more > 0 else ""])

"""Text made safe for results and terminals: one line, printable, without paths and addresses."""

from __future__ import annotations

import hashlib
import re
import sysconfig
import unicodedata
from pathlib import Path
from typing import Final

import gradpath

MAX_STUDENT: Final = 120


MAX_PATH: Final = 400


_JOINERS: Final = "\u200c\u200d"
"""What Persian, Hindi and others need inside of words."""


def student_name(text: str) -> str:
    """Return a student's name or id as results have it.

    It is one line that acts nowhere, in Unicode's composed form: macOS writes accents apart from
    their letters. Different names stay different.
    """
    name = unicodedata.normalize("NFC", printable(text))
    if len(name) <= MAX_STUDENT:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: MAX_STUDENT - 11]}...{mark}"


def shown_path(text: str) -> str:
    """Return a path as results have it: one line that acts nowhere and keeps its suffix."""
    path = printable(text)
    half = MAX_PATH // 2
    return path if len(path) <= MAX_PATH else f"{path[: half - 3]}...{path[-half:]}"


def printable(text: str) -> str:
    """Escape what would act on a terminal or turn the order of letters around.

    That is control characters, ends of lines, marks of direction and the like, and what is no
    character at all: a file system takes any bytes for a name. Letters of any script stay.
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


_ACTING: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")


_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    # Marks that turn the order of letters around, or that nobody sees; ends of lines; halves of
    # characters, which no file in UTF-8 can hold.
    r"\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """Take out of a text that a submission could have made what would act on a terminal."""
    return _CONTROL.sub("?", text)


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
            r"(?:/[\w.+~-]+)*/(?:gradpath-\w+/?)+",
            *(rf"{re.escape(folder)}/?" for folder in _FOLDERS),
        ]
    )
)


_ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def tidy(text: str, limit: int) -> str:
    """Return one line of text that may stand in a result."""
    text = text[: 4 * limit]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)
    text = _ADDRESS.sub("0x...", _OURS.sub("", text))
    return text if len(text) <= limit else text[: limit - 3] + "..."

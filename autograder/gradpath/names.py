"""What names mean, and how they are shown: a file's, and a student's."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

SUFFIXES: Final = (".py", ".ipynb")


def match(name: str, slugs: Sequence[str]) -> tuple[str | None, int]:
    """Return the assignment that a file name means, and how far the name is from the exact one.

    `Hand_Gradients.py`, `hand gradients (1).py` and `hand_gradients-2.ipynb` are what browsers and
    course sites make of `hand_gradients.py`.
    """
    stem, dot, suffix = name.rpartition(".")
    suffix = f"{dot}{suffix}".lower()
    if suffix not in SUFFIXES:
        return None, 0
    # A script before a notebook of the same name: it is what the text asks for.
    kind = SUFFIXES.index(suffix)
    if stem in slugs:
        return stem, kind
    plain = re.sub(r"[\s\-]+", "_", stem.strip().lower())
    plain = re.sub(r"_?\(\d+\)$|_\d+$|_copy\d*$|_kopie$|_final$", "", plain).strip("_")
    return (plain, 2 + kind) if plain in slugs else (None, 0)


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

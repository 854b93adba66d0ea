"""Names of files and students: the assignment that a file's name means, and names in results."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from gradpath.text import printable

SUFFIXES: Final = (".py", ".ipynb")
MAX_STUDENT: Final = 120
MAX_PATH: Final = 400


def match(name: str, slugs: Sequence[str]) -> tuple[str | None, int]:
    """Return the assignment that a file name means, and how far the name is from the exact one.

    `Hand_Gradients.py`, `hand gradients (1).py` and `hand_gradients-2.ipynb` are names that
    browsers and course sites make of `hand_gradients.py`.
    """
    stem, dot, suffix = name.rpartition(".")
    suffix = f"{dot}{suffix}".lower()
    if suffix not in SUFFIXES:
        return None, 0
    # A script before a notebook of the same name: the text asks for it.
    kind = SUFFIXES.index(suffix)
    if stem in slugs:
        return stem, kind
    plain = re.sub(r"[\s\-]+", "_", stem.strip().lower())
    plain = re.sub(r"_?\(\d+\)$|_\d+$|_copy\d*$|_kopie$|_final$", "", plain).strip("_")
    return (plain, 2 + kind) if plain in slugs else (None, 0)


def student_name(text: str) -> str:
    """Return a student's name or id as results have it: one line that acts nowhere.

    It is in Unicode's composed form: macOS writes accents apart from their letters. Different names
    stay different.
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

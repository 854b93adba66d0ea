"""What names mean, and how they are shown: a file's, and a student's."""

from __future__ import annotations

import re
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

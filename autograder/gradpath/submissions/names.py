"""Names of files and students: the assignment that a file's name means, and names in results."""

from __future__ import annotations

import difflib
import functools
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from gradpath.text import printable

SUFFIXES: Final = (".py", ".ipynb")
LOOSE: Final = 4
"""The nearest rank of a name with other words around an assignment's."""
MAX_STUDENT: Final = 120
MAX_PATH: Final = 400

_DISGUISE: Final = re.compile(r"(?:(?: ?\(\d+\))?\.(?:txt|json))+$", re.IGNORECASE)
_SUFFIXES: Final = re.compile(r"(?:\.(?:py|ipynb))+$", re.IGNORECASE)


def suffix_of(name: str) -> str:
    """Return the suffix of a script's or notebook's name in lower case; empty for other files.

    Browsers and mail programs call a script `x.py.txt`, and a notebook `x.ipynb.json`.
    """
    plain = _DISGUISE.sub("", name).lower()
    return next((suffix for suffix in SUFFIXES if plain.endswith(suffix)), "")


def stem_of(name: str) -> str:
    """Return a file's name without its suffix, however often there is one."""
    return _SUFFIXES.sub("", _DISGUISE.sub("", name))


def match(name: str, slugs: Sequence[str]) -> tuple[str | None, int]:
    """Return the assignment that a file name means, and how far the name is from the exact one.

    `Hand_Gradients.py`, `hand gradients (1).py` and `hand_gradients-2.ipynb` are names that
    browsers and course sites make of `hand_gradients.py`. Farthest (`LOOSE` and more) are names
    with anything else around one assignment's: `Copy of ...` in any language, a student's name.
    """
    suffix = suffix_of(name)
    if not suffix:
        return None, 0
    # A script before a notebook of the same name: the text asks for it.
    kind = SUFFIXES.index(suffix)
    stem = stem_of(name)
    if stem in slugs:
        return stem, kind if len(stem) + len(suffix) == len(name) else 2 + kind
    plain = re.sub(r"[\s\-]+", "_", stem.strip().lower())
    plain = re.sub(r"_?\(\d+\)$|_\d+$|_copy\d*$|_kopie$|_final$", "", plain).strip("_")
    if plain in slugs:
        return plain, 2 + kind
    words = _words(stem)
    contained = [slug for slug in slugs if _inside(slug).search(words)]
    return (contained[0], LOOSE + kind) if len(contained) == 1 else (None, 0)


def nearest(name: str, slugs: Sequence[str]) -> str | None:
    """Return the file name that a name with a slip of the finger was to be."""
    near = difflib.get_close_matches(stem_of(name).lower(), slugs, 1, 0.8)
    return f"{near[0]}{suffix_of(name)}" if near else None


def _words(stem: str) -> str:
    """Return a name in lower case, with `HandGradients` as two words."""
    normal = unicodedata.normalize("NFKC", stem)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", normal).lower()


@functools.cache
def _inside(slug: str) -> re.Pattern[str]:
    """Return the pattern of an assignment's words inside a name, not inside a longer word."""
    words = r"[\W_]*".join(map(re.escape, slug.split("_")))
    return re.compile(rf"(?<![a-z]){words}(?![a-z])")


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

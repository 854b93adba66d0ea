"""Paths of students' pages: `<student>/<slug>.html`, as names that every system takes."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import Final

FOLDER: Final = "feedback"
"""Of the pages, in the output folder."""

_LONGEST: Final = 200
"""Bytes of a folder's name; file systems take 255."""
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]|^[.\s-]|[.\s]$')
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def page_path(student: str, slug: str) -> PurePosixPath:
    """Return the path of a page, relative to the folder of all pages.

    A name that is no good folder's name on every system is changed, and gets a mark, so that
    different students never share a folder.
    """
    name = _UNSAFE.sub("_", student)
    if _DEVICES.match(name):
        name = f"_{name}"
    data = name.encode("utf-8", "replace")
    if len(data) > _LONGEST:
        name = data[:_LONGEST].decode("utf-8", "ignore")
    if name != student or not name:
        name += f"-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return PurePosixPath(name, f"{slug}.html")

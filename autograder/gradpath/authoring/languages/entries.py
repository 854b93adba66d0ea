"""Entries: the English texts that a catalogue translates, with the place of each."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gradpath.course.settings import PACKAGE, course_root
from gradpath.course.syntax import parse

_WORD: Final = re.compile(r"[^\W\d_]{2}")
_NAMES: Final = re.compile(r"\$[^$]*\$|`[^`]*`|\b\w*_\w*\b|\b\w+(?:\.\w+)+\b|\{[^{}]*\}")
"""Formulas, code and placeholders: in no language other than themselves."""


@dataclass(frozen=True)
class Entry:
    """An English text that people read, and where it stands."""

    text: str
    file: str
    """Relative to the checkout."""
    line: int
    comment: str
    """The role of the text, for translators."""
    plural: str = ""
    """The text for more than one thing, where it is another one."""


def is_translatable(text: str) -> bool:
    """Tell whether a text has a word besides formulas, code and names."""
    return _WORD.search(_NAMES.sub(" ", text)) is not None


def shown(path: Path) -> str:
    """Return a path as people read it: within the checkout, or within the installed package."""
    root = course_root() if path.is_relative_to(course_root()) else PACKAGE.parent
    return path.relative_to(root).as_posix()


class Places:
    """The lines of a file at which its strings begin."""

    def __init__(self, path: Path) -> None:
        """Read the file, a module of Python or any other."""
        self.file = shown(path)
        self.text = path.read_text("utf-8")
        self.strings = _strings(self.text) if path.suffix == ".py" else {}

    def line(self, text: str) -> int:
        """Return the line of a text, or of the longest string that it is put together from."""
        if text in self.strings:
            return self.strings[text]
        parts = [part for part in self.strings if part.strip() and part.strip() in text]
        if parts:
            return self.strings[max(parts, key=len)]
        wider = [line for part, line in self.strings.items() if text in part]
        place = self.text.find(text.partition("\n")[0])
        return wider[0] if wider else self.text.count("\n", 0, max(place, 0)) + 1

    def entry(self, text: str, comment: str) -> Entry:
        """Make the entry of a text of this file."""
        return Entry(text, self.file, self.line(text), comment)


def _strings(text: str) -> Mapping[str, int]:
    """Return the strings of a module, with the line of the first place of each."""
    found: dict[str, int] = {}
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.setdefault(node.value, node.lineno)
    return found

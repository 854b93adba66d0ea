"""Texts of the scripts of a page: those that `_("...")` marks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from gradpath.text.languages import ENGLISH, Language

_MARKED: Final = re.compile(r'\b_\(("(?:[^"\\]|\\.)*")')
_WORD: Final = re.compile(r"[^\W\d_]{2}")


def marked_in(script: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each mark; one without a word is the same everywhere."""
    for match in _MARKED.finditer(script):
        text: str = json.loads(match[1])
        if _WORD.search(re.sub(r"\{\w+\}", "", text)):
            yield script.count("\n", 0, match.start()) + 1, text


def translations(script: str, language: Language, slug: str) -> dict[str, str]:
    """Return the texts of a script in a language, by the English ones; none for English."""
    if language is ENGLISH:
        return {}
    return {text: language.text(text, slug) for _, text in marked_in(script)}

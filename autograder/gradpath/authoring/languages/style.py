"""The style of a language: its terms and rules, which people read and the check uses.

`glossary.toml` in the folder of a language has the terms, `style.toml` rules as patterns that must
not match, each with the sentence that a translator reads.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gradpath.authoring.languages.faithful import prose
from gradpath.errors import AuthoringError
from gradpath.text import columns, printable
from gradpath.text.languages import ENGLISH, LOCALE, Language

_FLAGS = re.IGNORECASE


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pattern that must not match in a translation."""

    pattern: str
    message: str
    of: str = ""
    """A word of the comment of the entries that it holds for; empty for all."""


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bound on the length of some translations."""

    of: str
    characters: int = 0
    """The most characters of the whole text."""
    columns: int = 0
    """The most columns of a line in a fixed-width font."""


class Style(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules and terms of a language."""

    name: str
    """The language's name in itself."""
    rules: list[Rule] = []
    limits: list[Limit] = []
    terms: dict[str, str | list[str]] = {}
    avoid: dict[str, str] = {}

    def faults(self, original: str, translation: str, comment: str) -> Iterator[str]:
        """Yield a sentence for each rule or term that a translation does not keep."""
        for rule in self.rules:
            match = re.search(rule.pattern, translation) if rule.of in comment else None
            if match:
                yield f"{rule.message}: {match[0]!r}"
        for limit in self.limits:
            if limit.of not in comment:
                continue
            if limit.characters and len(translation) > limit.characters:
                yield f"{len(translation)} characters, {limit.characters} are allowed"
            widest = max(map(columns, translation.splitlines()), default=0)
            if limit.columns and widest > limit.columns:
                yield f"a line has {widest} columns, {limit.columns} are allowed"
        yield from self._terms(original, translation)

    def _terms(self, original: str, translation: str) -> Iterator[str]:
        left = prose(original)
        # The longest first: `loss function` is no `loss`.
        for term in sorted(self.terms, key=len, reverse=True):
            left, count = re.subn(rf"\b{re.escape(term)}(?:s|es)?\b", " ", left, flags=_FLAGS)
            ways = self.terms[term]
            ways = [ways] if isinstance(ways, str) else ways
            if count and not any(way in translation for way in ways):
                yield f"the term {term!r} is {' or '.join(ways)} in the glossary"
        for wrong, right in self.avoid.items():
            if wrong in translation:
                yield f"the glossary has {right} and not {wrong}"


def style_of(folder: Path) -> Style:
    """Read the style of a language; one without rules if its folder has no such files.

    Raises:
        AuthoringError: a file is not TOML, or has a wrong field or pattern.
    """
    data: dict[str, object] = {"name": folder.name}
    for name in ("style.toml", "glossary.toml"):
        path = folder / name
        try:
            data |= tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
            style = msgspec.convert(data, Style)
            for rule in style.rules:
                re.compile(rule.pattern)
        except (ValueError, re.error) as error:
            raise AuthoringError(f"{path}: {printable(str(error))}") from None
    return style


def name_of(language: Language) -> str:
    """Return the name of a language in itself."""
    return "English" if language is ENGLISH else style_of(LOCALE / language.code).name

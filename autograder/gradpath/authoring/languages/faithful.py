"""Comparison of a translation with its original: all that is in no language must be the same.

Sets are compared, not sequences: another language has another order, and may name a thing once
where English names it twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from gradpath.text import some

_KINDS: Final = (
    # In this order: each kind is taken out of the text before the next one is looked for.
    ("block", re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)),
    ("comment", re.compile(r"<!--.*?-->", re.DOTALL)),
    ("placeholder", re.compile(r"\$\{[a-z_]+\}")),
    ("formula", re.compile(r"\$\$.+?\$\$|\$[^$]+\$", re.DOTALL)),
    ("code", re.compile(r"``[^`]+``|`[^`]+`", re.DOTALL)),
    ("argument", re.compile(r"^    \w+(?=: )", re.MULTILINE | re.ASCII)),
    ("example", re.compile(r"^ *(?:>>>|\.\.\.) .*$", re.MULTILINE)),
    ("link", re.compile(r"(?<=\]\()[^)\s]+|https?://[^\s)>，。；）]+")),
    ("placeholder", re.compile(r"\{[^{}\s]*\}")),
    (
        "name",
        re.compile(
            r"(?<![A-Za-z0-9_])(?:--[a-z][a-z-]*|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+"
            r"|\w*[A-Za-z]\w*_\w*|[A-Za-z]+\d\w*|\w*[a-z][A-Z]\w*|[A-Z]{2,}\w*)",
            re.ASCII,
        ),
    ),
    ("number", re.compile(r"(?<![A-Za-z_.0-9])\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?:e[+-]?\d+)?")),
)
_OF_DOCSTRING: Final = re.compile(r"^[A-Z][a-z]+:$", re.MULTILINE)
"""The heading of a docstring's part, such as `Args:`: only below one has a line an argument."""
_COMMANDS: Final = re.compile(r"(?<=\n\n)(?: {4}.*(?:\n|\Z))+")
"""Lines that are indented below an empty one: commands, and no part of a docstring."""
_TEXT_IN_FORMULA: Final = re.compile(r"\\(text|mathrm|textbf)\{[^{}]* [^{}]*\}")
_ABBREVIATIONS: Final = frozenset(("e.g", "i.e", "a.m", "p.m"))


def differences(original: str, translation: str) -> Iterator[str]:
    """Yield a sentence for each kind of thing that the two texts do not have in common."""
    has_arguments = _OF_DOCSTRING.search(original)
    for kind, pattern in _KINDS:
        if kind == "argument" and not has_arguments:
            continue
        original, wanted = _taken(pattern, original)
        translation, got = _taken(pattern, translation)
        yield from _compared(kind, wanted, got)
    yield from _compared("sign", _signs(original), _signs(translation))
    yield from _same_shape(original, translation)


def prose(text: str) -> str:
    """Return a text without commands, formulas, code, links, placeholders and names."""
    for pattern in (_COMMANDS, *(pattern for _, pattern in _KINDS[:-1])):
        text = pattern.sub(" ", text)
    return text


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, set[str]]:
    found = {_normal(match) for match in pattern.findall(text)}
    return pattern.sub(" ", text), found - _ABBREVIATIONS


def _normal(text: str) -> str:
    """Return a piece without the line breaks in it, and without words in a formula."""
    return " ".join(_TEXT_IN_FORMULA.sub(r"\\\1{}", text).replace("``", "`").split())


def _signs(text: str) -> set[str]:
    """Return signs of mathematics that are no part of a formula, such as ² and ≤."""
    return {c for c in text if not c.isascii() and unicodedata.category(c) in ("Sm", "No")}


def _compared(kind: str, wanted: set[str], got: set[str]) -> Iterator[str]:
    if missing := wanted - got:
        yield f"the {kind} {some(sorted(missing))} of the original is not in the translation"
    if added := got - wanted:
        yield f"the {kind} {some(sorted(added))} of the translation is not in the original"


def _same_shape(original: str, translation: str) -> Iterator[str]:
    """Yield a sentence where headings, or the rows of tables, are not as many and as deep."""
    for name, pattern in (("headings", r"^#{1,6} "), ("rows of tables", r"^\|")):
        wanted, got = (re.findall(pattern, text, re.MULTILINE) for text in (original, translation))
        if wanted != got:
            yield f"the original has {len(wanted)} {name}, the translation {len(got)}"

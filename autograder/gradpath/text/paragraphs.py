"""Paragraphs of help texts, which catalogues have one by one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Final

AS_IT_STANDS: Final = "\b\n"
"""Begins a paragraph whose lines stay as they are: a list, or examples."""
_EXAMPLES: Final = "Examples:\n"


def paragraphs_of(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the paragraphs of a help text: a mark before it, its text, and what stays English.

    A catalogue has the text in the middle. Of examples that is their heading alone.
    """
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        lines = paragraph.removeprefix(AS_IT_STANDS)
        if lines == paragraph:
            yield "", " ".join(paragraph.split("\n")), ""
        elif lines.startswith(_EXAMPLES):
            heading, _, examples = lines.partition("\n")
            yield AS_IT_STANDS, heading, f"\n{examples}"
        else:
            yield AS_IT_STANDS, lines, ""

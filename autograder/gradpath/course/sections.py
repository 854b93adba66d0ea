"""Sections of a text in Markdown: the units that are translated as a whole."""

from __future__ import annotations

import re
from typing import Final

_HEADING: Final = re.compile(r"#{1,6} ")


def sections_of(text: str) -> list[str]:
    """Split a text at its headings; each section has its heading, and none ends in empty lines."""
    sections: list[list[str]] = [[]]
    fenced = False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if _HEADING.match(line) and not fenced and any(sections[-1]):
            sections.append([])
        sections[-1].append(line)
    return [section for lines in sections if (section := "\n".join(lines).strip("\n"))]

"""Texts of a master in another language: markdown by section, and docstrings in code.

A section is translated as a whole, and so is a docstring; code is the same in each language.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from gradpath.course.syntax import parse
from gradpath.text.languages import ENGLISH, Language

Documented = ast.Module | ast.ClassDef | ast.FunctionDef

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


def documented_in(node: Documented, name: str = "") -> Iterator[tuple[str, Documented, str]]:
    """Yield the qualified name, the node and the docstring of all that has one."""
    text = ast.get_docstring(node, clean=True)
    if text:
        yield name, node, text
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from documented_in(child, f"{name}.{child.name}".lstrip("."))


def text_in(language: Language, text: str, slug: str) -> str:
    """Return a text of a master in a language; a section without a translation is English."""
    if language is ENGLISH:
        return text
    return "\n\n".join(language.text(section, slug) for section in sections_of(text))


def code_in(language: Language, source: str, slug: str) -> str:
    """Return code of a master with its docstrings in a language."""
    if language is ENGLISH:
        return source
    lines = source.splitlines()
    # From the last one to the first: a translation may have more lines or fewer.
    for _, node, text in reversed(list(documented_in(parse(source)))):
        first = node.body[0]
        told = language.text(text, slug)
        if told != text:
            begin, end = first.lineno - 1, first.end_lineno or first.lineno
            raw = lines[begin].lstrip().startswith("r")
            lines[begin:end] = _docstring(told, " " * first.col_offset, raw=raw)
    return "\n".join(lines)


def _docstring(text: str, indent: str, *, raw: bool) -> list[str]:
    """Return the lines of a docstring."""
    if not raw:
        text = text.replace("\\", "\\\\")
    first, *rest = text.splitlines()
    begin = f'{indent}{"r" if raw else ""}"""{first}'
    if not rest:
        return [f'{begin}"""']
    return [begin, *(f"{indent}{line}".rstrip() for line in rest), f'{indent}"""']

"""A student's source as lines of HTML: highlighted, numbered, with ids that links can go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from gradpath.grading.rules import ModuleSource
from gradpath.text import clean
from gradpath.worker.protocol import Cell

_HIGHLIGHTED: Final = 100_000
"""Characters of source that are highlighted at most, all cells together. Colours are not worth
minutes, or megabytes."""
_LONG_LINE: Final = 2_000
"""Characters of a line that are shown, and up to which a source is highlighted."""


@dataclass(frozen=True)
class Line:
    """A line: its number in its cell, the id that links go to, and its text."""

    number: int
    id: str
    html: Markup


@dataclass(frozen=True)
class SourceCell:
    """A script, or a cell of a notebook."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Listing:
    """A whole source."""

    cells: tuple[SourceCell, ...]
    cut: bool

    def id_of(self, cell: str, line: int) -> str:
        """Return the id of a line, empty where there is no such line."""
        for source in self.cells:
            if source.name == clean(cell) and 0 < line <= len(source.lines):
                return source.lines[line - 1].id
        return ""


def listing(cells: Sequence[Cell], *, cut: bool) -> Listing:
    """Make a listing; characters that would act on the page, or hide there, become `?`.

    Args:
        cells: the source as it was graded.
        cut: whether there was more of it.
    """
    plain = sum(len(cell.text) for cell in cells) > _HIGHLIGHTED
    return Listing(
        tuple(_cell(number, cell, plain=plain) for number, cell in enumerate(cells, 1)), cut
    )


def definitions(cells: Sequence[Cell]) -> dict[str, tuple[str, int]]:
    """Return the cell and line in which each function or class of a module begins."""
    places = ModuleSource((cell.name, cell.text) for cell in cells).definitions
    return {name: (cell, getattr(node, "lineno", 0)) for name, (cell, node) in places.items()}


def _cell(number: int, cell: Cell, *, plain: bool) -> SourceCell:
    lines = clean(cell.text).removesuffix("\n").split("\n")
    plain = plain or max(map(len, lines)) > _LONG_LINE
    shown = None if plain else _highlighted(lines)
    if shown is None:
        shown = [escape(_short(line)) for line in lines]
    return SourceCell(
        clean(cell.name),
        tuple(Line(at, f"line-{number}-{at}", html) for at, html in enumerate(shown, 1)),
    )


def _short(line: str) -> str:
    return line if len(line) <= _LONG_LINE else f"{line[:_LONG_LINE]} ..."


def _highlighted(lines: list[str]) -> list[Markup] | None:
    lexer = PythonLexer(stripnl=False, ensurenl=True)
    # Each line has spans of its own, also within a text over several lines.
    text: str = highlight("\n".join(lines), lexer, HtmlFormatter(nowrap=True))
    shown = text.removesuffix("\n").split("\n")
    # Pygments escapes the text that it marks up.
    return [Markup(line) for line in shown] if len(shown) == len(lines) else None

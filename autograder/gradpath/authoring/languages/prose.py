"""Texts of a master: its markdown by section, and the docstrings that the skeleton keeps."""

from __future__ import annotations

from collections.abc import Iterator

from gradpath.authoring.languages.entries import Entry, Places, is_translatable
from gradpath.course.load import master_path
from gradpath.course.master import ANSWER, master_cells, skeleton_of
from gradpath.course.syntax import parse
from gradpath.course.translated import documented_in, sections_of


def prose_of(slug: str) -> Iterator[Entry]:
    """Yield the sections of the text and the docstrings, in the order of the master."""
    path = master_path(slug)
    places = Places(path)
    lines = places.text.splitlines()
    entries = list(_docstrings(slug, places))
    at = 0
    for cell in master_cells(slug, filled=False):
        if cell.kind != "markdown":
            continue
        kind = "the expected answer: staff only" if ANSWER in cell.tags else "text"
        for section in sections_of(cell.source):
            first = section.partition("\n")[0]
            at = lines.index(f"# {first}".rstrip(), at)
            if is_translatable(section):
                entries.append(Entry(section, places.file, at + 1, kind))
    yield from sorted(entries, key=lambda entry: entry.line)


def _docstrings(slug: str, places: Places) -> Iterator[Entry]:
    """Yield the docstrings that the skeleton has: those inside of solutions are not published."""
    kept = {name: text for name, _, text in documented_in(parse(skeleton_of(slug)))}
    for name, node, text in documented_in(parse(places.text)):
        if text == kept.get(name):
            comment = f"docstring of {name or 'the file'}"
            yield Entry(text, places.file, node.body[0].lineno, comment)

"""Texts of a master: its markdown by section, and the docstrings that the skeleton keeps."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradpath.authoring.languages.entries import Entry, Places, is_translatable
from gradpath.course.load import master_path
from gradpath.course.master import ANSWER, master_cells, skeleton_of
from gradpath.course.sections import sections_of
from gradpath.course.syntax import parse


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
    kept = dict(docstrings(skeleton_of(slug)))
    tree = parse(places.text)
    for name, node in _walk(tree, ""):
        text = ast.get_docstring(node, clean=True)
        if name in kept and text == kept[name]:
            yield Entry(
                text, places.file, node.body[0].lineno, f"docstring of {name or 'the file'}"
            )


def docstrings(source: str) -> Iterator[tuple[str, str]]:
    """Yield the qualified name and the docstring of a module and of all that it defines."""
    for name, node in _walk(parse(source), ""):
        text = ast.get_docstring(node, clean=True)
        if text:
            yield name, text


def _walk(
    node: ast.Module | ast.ClassDef | ast.FunctionDef, name: str
) -> Iterator[tuple[str, ast.Module | ast.ClassDef | ast.FunctionDef]]:
    yield name, node
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _walk(child, f"{name}.{child.name}".lstrip("."))

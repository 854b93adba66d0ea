"""From whatever somebody handed in to a notebook that nbgrader can grade and show.

nbgrader reads a submission as it is, and gives up on one with damaged JSON, an old format, metadata
that somebody edited, or without the cells that it grades; then there is no row for the student. So
the notebook is built anew: the student's cells in their order, as plain text and code, with the
course's own marks on those that have one, and with the course's cells that are missing put back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import nbformat

from gradpath.nbgrader import grade_ids
from gradpath.student_notebook import METADATA, code_cell, text_cell

MAX_CELLS: Final = 2_000
MAX_TEXT: Final = 1_000_000
"""Characters of text and code that are shown; a page of more would help nobody."""


@dataclass(frozen=True)
class CourseCell:
    """A cell that the course gave out and nbgrader knows by its id.

    `marks` is its metadata for nbgrader; `kind` is `code` or `markdown`.
    """

    id: str
    kind: str
    source: str
    marks: Mapping[str, Any]

    @property
    def is_test(self) -> bool:
        """Whether it is a test cell: graded, and not the student's to write."""
        return bool(self.marks.get("grade")) and not self.marks.get("solution")


@dataclass(frozen=True)
class Repaired:
    """A notebook (format 4.5), and what had to be done to it, as sentences for people."""

    notebook: nbformat.NotebookNode
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Cell:
    """A student's cell, reduced to what is used of it."""

    kind: str
    source: str
    id: str | None = None
    """The id of the course's cell that it is."""
    jupyter_id: str = ""
    """The id that notebooks have had for each cell since format 4.5."""


def repair(data: bytes | None, course: Sequence[CourseCell]) -> Repaired:
    """Build the notebook that stands for a submission; never raises, whatever was handed in.

    Args:
        data: what the student's file holds; None when there is none, or when it is too large.
        course: the cells of the course that nbgrader knows, in order.
    """
    notes: list[str] = []
    cells = _read(data, course, notes) if data is not None else []
    cells = _without_copies(cells, notes)
    cells = _found_again(cells, course, notes)
    cells = _with_missing(cells, course, notes)
    cells = _restored(cells, course, notes)
    return Repaired(_notebook(cells, course), tuple(notes))


def with_note(notebook: nbformat.NotebookNode, text: str) -> nbformat.NotebookNode:
    """Put a message for student and staff at the top of a notebook."""
    cell = nbformat.from_dict({**text_cell("gradpath-note", text)})  # type: ignore[no-untyped-call]
    notebook.cells.insert(0, cell)
    return notebook


# Reading


def _read(data: bytes, course: Sequence[CourseCell], notes: list[str]) -> list[_Cell]:
    known = {cell.id: cell for cell in course}
    cells = []
    for cell in _raw_cells(data):
        read = _cell(cell, known)
        if read is not None:
            cells.append(read)
    if len(cells) > MAX_CELLS or sum(len(cell.source) for cell in cells) > MAX_TEXT:
        notes.append("The notebook is too long to be shown here; it has been graded all the same.")
        return [
            cell for cell in cells[:MAX_CELLS] if cell.id is not None and len(cell.source) < 50_000
        ]
    return cells


def _raw_cells(data: bytes) -> list[Any]:
    """Return the cells of a notebook of format 3 or 4; none when it cannot be read."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError, MemoryError):
        return []
    if not isinstance(notebook, dict):
        return []
    cells = notebook.get("cells")
    if cells is None:  # format 3
        sheets = notebook.get("worksheets")
        cells = [
            cell
            for sheet in (sheets if isinstance(sheets, list) else ())
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    return cells if isinstance(cells, list) else []


def _cell(cell: Any, known: Mapping[str, CourseCell]) -> _Cell | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    text = text.encode("utf-8", "replace").decode()  # JSON can hold halves of characters
    jupyter_id = cell.get("id")
    jupyter_id = jupyter_id if isinstance(jupyter_id, str) else ""
    id = _grade_id(cell)
    if id in known:
        # nbgrader decides by the id; somebody may have turned a cell of text into one of code.
        return _Cell(known[id].kind, text, id, jupyter_id)
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    return _Cell(kind, text, None, jupyter_id)


def _grade_id(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    id = marks.get("grade_id") if isinstance(marks, dict) else None
    return id if isinstance(id, str) else ""


# Putting right


def _without_copies(cells: Sequence[_Cell], notes: list[str]) -> list[_Cell]:
    """Let the last cell of an id keep it, as nbgrader's DeduplicateIds does."""
    seen: set[str] = set()
    kept: list[_Cell] = []
    for cell in reversed(cells):
        if cell.id is None or cell.id not in seen:
            kept.append(cell)
        else:
            kept.append(replace(cell, id=None))
            notes.append(f"The cell {cell.id} is there more than once; the last one counts as it.")
        if cell.id is not None:
            seen.add(cell.id)
    return kept[::-1]


def _found_again(
    cells: Sequence[_Cell], course: Sequence[CourseCell], notes: list[str]
) -> list[_Cell]:
    """Give the course's cells that lost nbgrader's marks their ids back.

    Some editors and sites save a notebook without the metadata that they do not know. An answer
    that a person has to grade would then look as if nobody had written it.
    """
    result = list(cells)
    there = {cell.id for cell in cells if cell.id is not None}
    again = []
    for wanted in course:
        if wanted.id in there:
            continue
        for place in reversed(range(len(result))):
            cell = result[place]
            before = result[place - 1].id if place else None
            if cell.id is None and _looks_like(cell, wanted, before):
                result[place] = replace(cell, id=wanted.id)
                again.append(wanted.id)
                break
    if again:
        notes.append(f"Cells that had lost nbgrader's marks were found again: {', '.join(again)}.")
    return result


def _looks_like(cell: _Cell, wanted: CourseCell, before: str | None) -> bool:
    """Tell whether a cell without marks is this cell of the course.

    Args:
        cell: what the student has.
        wanted: what the course gave out.
        before: the id of the cell before it.
    """
    if cell.kind != wanted.kind:
        return False
    if cell.jupyter_id.endswith(f"-{wanted.id}"):
        return True
    if wanted.marks.get("locked"):
        return _same(cell.source, wanted.source)
    if wanted.kind == "code":
        return re.search(rf"^(def|class) {re.escape(wanted.id)}\b", cell.source, re.M) is not None
    return before == grade_ids.QUESTION


def _with_missing(
    cells: Sequence[_Cell], course: Sequence[CourseCell], notes: list[str]
) -> list[_Cell]:
    """Put each missing cell of the course behind the one that it follows there."""
    result = list(cells)
    there = {cell.id for cell in cells if cell.id is not None}
    lost = [cell.id for cell in course if cell.id not in there]
    if lost and there:
        notes.append(f"Missing cells were put back: {', '.join(lost)}.")
    before: str | None = None
    for wanted in course:
        if wanted.id not in there:
            place = next((n + 1 for n, cell in enumerate(result) if cell.id == before), None)
            if before is None:
                place = 0
            # A function's text stands before its cell: what has no neighbour goes to the end.
            result.insert(
                len(result) if place is None else place,
                _Cell(wanted.kind, wanted.source, wanted.id),
            )
            there.add(wanted.id)
        before = wanted.id
    return result


def _restored(
    cells: Sequence[_Cell], course: Sequence[CourseCell], notes: list[str]
) -> list[_Cell]:
    """Give the course's locked cells their text back."""
    known = {cell.id: cell for cell in course}
    result = []
    changed = []
    for cell in cells:
        given = known.get(cell.id) if cell.id is not None else None
        if given is not None and given.marks.get("locked"):
            if not _same(cell.source, given.source):
                changed.append(given.id)
            cell = replace(cell, source=given.source)
        result.append(cell)
    if changed:
        notes.append(
            f"Changed cells were restored: {', '.join(changed)}. Functions that were defined in "
            "them are graded all the same."
        )
    return result


def _same(text: str, given: str) -> bool:
    """Compare a locked cell with the course's; hidden tests were not given out with it."""
    outside, inside = [], False
    for line in given.splitlines():
        if "BEGIN HIDDEN TESTS" in line:
            inside = True
        elif "END HIDDEN TESTS" in line:
            inside = False
        elif not inside:
            outside.append(line)
    return text.strip() in (given.strip(), "\n".join(outside).strip())


def _notebook(cells: Sequence[_Cell], course: Sequence[CourseCell]) -> nbformat.NotebookNode:
    known = {cell.id: cell for cell in course}
    written = []
    for number, cell in enumerate(cells):
        make = code_cell if cell.kind == "code" else text_cell
        plain = make(f"cell-{number}", cell.source)
        plain["source"] = cell.source
        if cell.id is not None:
            plain["metadata"] = {"nbgrader": dict(known[cell.id].marks)}
        written.append(plain)
    return nbformat.from_dict(  # type: ignore[no-untyped-call,no-any-return]
        {"cells": written, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    )

"""From any submission to a notebook that nbgrader can grade and show.

nbgrader reads a submission as it is, and gives up on one with damaged JSON, an old format, metadata
that somebody edited, or without the cells that it grades; then there is no row for the student. So
the notebook is built anew: the student's cells in their order, as plain text and code, with the
course's own marks on those that have one, and with the course's cells that are missing put back.
"""

from __future__ import annotations

import base64
import re
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import nbformat

from gradpath.frontends.nbgrader import grade_ids
from gradpath.frontends.nbgrader.submitted_cells import Cell, read_cells
from gradpath.submissions.notebook_cells import METADATA, code_cell, text_cell
from gradpath.text import clean
from gradpath.text.languages import tell
from gradpath.text.messages import Message, joined, template

MAX_CELLS: Final = 2_000
MAX_TEXT: Final = 1_000_000
"""Characters of text and code that are shown; a page of more would help nobody."""

MAX_CELL: Final = 30_000
"""Characters of one of the course's cells, when it is all too much."""

MAX_PICTURES: Final = 10_000_000
"""Bytes of all pictures in a notebook's text."""

PICTURES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
"""Kinds of pictures that people paste into text, and how their files end."""

_MAX_ATTACHMENTS: Final = 50

_TEXT: Final = re.compile(r"\w+-text-\d+")
"""The Jupyter ids of the course's own text, which nbgrader does not know."""

_LOST_ANSWER: Final = Message(
    "*This cell was missing from the notebook that was handed in. If there is an answer, it stands "
    "in another cell, or beside the notebook.*"
)


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
    def is_answer(self) -> bool:
        """Whether a person gives points for the student's text in it."""
        return bool(self.marks.get("grade")) and bool(self.marks.get("solution"))


@dataclass(frozen=True)
class Repaired:
    """A notebook (format 4.5), and the repairs that it needed, as sentences for people.

    `pictures` holds the pictures of its text, by the names that stand there now.
    """

    notebook: nbformat.NotebookNode
    notes: tuple[str, ...]
    pictures: Mapping[str, bytes]


def repair(
    data: bytes | None, course: Sequence[CourseCell], folder: str = "notebook_files"
) -> Repaired:
    """Build the notebook that stands for a submission; never raises.

    Args:
        data: the student's file; None when there is none, or when it is too large.
        course: the cells of the course that nbgrader knows, in order.
        folder: where pictures are to be, relative to the notebook.
    """
    notes: list[str] = []
    cells = read_cells(data, {cell.id for cell in course}) if data is not None else []
    cells = _without_copies(cells, notes)
    cells = _found_again(cells, course, notes)
    cells = _shortened(cells, notes)
    cells, pictures = _with_pictures(cells, folder, notes)
    cells = _with_missing(cells, course, notes)
    cells = _restored(cells, course, notes)
    return Repaired(_notebook(cells, course), tuple(notes), pictures)


def with_note(notebook: nbformat.NotebookNode, text: str) -> nbformat.NotebookNode:
    """Put a message for student and staff at the top of a notebook."""
    number = sum(cell.get("id", "").startswith("gradpath-note") for cell in notebook.cells)
    plain_cell = text_cell(f"gradpath-note-{number + 1}", text)
    notebook.cells.insert(0, nbformat.from_dict(plain_cell))
    return notebook


def plain(text: str) -> str:
    """Return text of a submission so that markdown takes it literally."""
    safe = clean(text).replace("\n", " ")
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|$&~" else char for char in safe)


def _without_copies(cells: Sequence[Cell], notes: list[str]) -> list[Cell]:
    """Let the last cell of an id keep it, as nbgrader's DeduplicateIds does."""
    seen: set[str] = set()
    kept: list[Cell] = []
    copied: dict[str, None] = {}
    for cell in reversed(cells):
        if cell.id is not None and cell.id in seen:
            kept.append(replace(cell, id=None))
            copied[cell.id] = None
        else:
            kept.append(cell)
        if cell.id is not None:
            seen.add(cell.id)
    if copied:
        several = template(
            "There is more than one of these cells, and the last one counts: {names}."
        )
        notes.append(Message(several, names=joined(", ", reversed(copied))))
    return kept[::-1]


def _found_again(
    cells: Sequence[Cell], course: Sequence[CourseCell], notes: list[str]
) -> list[Cell]:
    """Give the course's cells that lost nbgrader's marks their ids back.

    Some editors and sites save a notebook without the metadata that they do not know. An answer
    that a person has to grade would then look as if nobody had written it.
    """
    result = list(cells)
    there = {cell.id for cell in cells if cell.id is not None}
    lost = [wanted for wanted in course if wanted.id not in there]
    again = []
    traces = _traces(cells) if lost else {}
    for wanted in lost:
        places = [traces[trace] for trace in _traces_of(wanted) if trace in traces]
        question = next((n for n, cell in enumerate(result) if cell.id == grade_ids.QUESTION), None)
        if wanted.id == grade_ids.ANSWER and question is not None:
            places += range(question + 1, len(result))[:1]
        for place in places:
            cell = result[place]
            if (
                cell.id is None
                and cell.kind == wanted.kind
                and not _TEXT.fullmatch(cell.jupyter_id)
            ):
                result[place] = replace(cell, id=wanted.id)
                again.append(wanted.id)
                break
    if again:
        found = template("Cells that had lost nbgrader's marks were found again: {names}.")
        notes.append(Message(found, names=joined(", ", again)))
    return result


def _traces(cells: Sequence[Cell]) -> dict[tuple[str, str], int]:
    """Return the traces that cells without marks may be known by, each with its last place."""
    traces = {}
    for place, cell in enumerate(cells):
        if cell.id is None:
            traces["id", cell.jupyter_id.partition("-")[2]] = place
            traces["text", cell.source.strip()] = place
            if cell.kind == "code":
                for name in re.findall(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE):
                    traces["defines", name] = place
    return traces


def _traces_of(wanted: CourseCell) -> Iterator[tuple[str, str]]:
    """Yield the traces of a cell of the course that has lost its marks, surest first."""
    yield "id", wanted.id
    if wanted.marks.get("locked"):
        for text in _given(wanted.source):
            yield "text", text
    elif wanted.kind == "code":
        yield "defines", wanted.id


def _shortened(cells: list[Cell], notes: list[str]) -> list[Cell]:
    """Shorten a notebook that is too long to be shown; cells that a person has to read stay."""
    if len(cells) <= MAX_CELLS and sum(len(cell.source) for cell in cells) <= MAX_TEXT:
        return cells
    notes.append(
        Message("The notebook is too long to be shown as a whole; all of it has been graded.")
    )
    return [
        replace(cell, source=f"{cell.source[:MAX_CELL]}\n...")
        if len(cell.source) > MAX_CELL
        else cell
        for cell in cells
        if cell.id is not None
    ]


def _with_pictures(
    cells: Sequence[Cell], folder: str, notes: list[str]
) -> tuple[list[Cell], dict[str, bytes]]:
    """Let pictures that were pasted into text be files: pages show these, and no attachments.

    Returns:
        The cells with their text changed, and the pictures by name.
    """
    pictures: dict[str, bytes] = {}
    space = MAX_PICTURES
    result = []
    for cell in cells:
        attached = list(cell.attachments.items()) if cell.kind == "markdown" else []
        for name, kinds in attached[:_MAX_ATTACHMENTS]:
            links = {
                f"attachment:{name}",
                f"attachment:{urllib.parse.quote(name, errors='replace')}",
            }
            data, suffix = _picture(kinds)
            if not name or not data or not any(link in cell.source for link in links):
                continue
            if len(data) > space:
                notes.append(Message("Pictures in the text are left out: they are too large."))
                break
            space -= len(data)
            path = f"{folder}/attachment-{len(pictures) + 1}.{suffix}"
            pictures[path] = data
            for link in links:
                cell = replace(cell, source=cell.source.replace(link, path))
        result.append(cell)
    return result, pictures


def _picture(kinds: Any) -> tuple[bytes, str]:
    """Return an attached picture and how its file ends; nothing if it is none."""
    for kind, suffix in PICTURES.items():
        text = kinds.get(kind) if isinstance(kinds, dict) else None
        if isinstance(text, list):
            text = "".join(line for line in text if isinstance(line, str))
        if isinstance(text, str) and len(text) <= 2 * MAX_PICTURES:
            try:
                return base64.b64decode("".join(text.split()), validate=True), suffix
            except ValueError:
                continue
    return b"", ""


def _with_missing(
    cells: Sequence[Cell], course: Sequence[CourseCell], notes: list[str]
) -> list[Cell]:
    """Put each missing cell of the course behind the one that it follows there."""
    result = list(cells)
    there = {cell.id for cell in cells if cell.id is not None}
    lost = [cell.id for cell in course if cell.id not in there]
    if lost and there:
        notes.append(Message("Missing cells were put back: {names}.", names=joined(", ", lost)))
    elif lost and cells:
        notes.append(
            Message(
                "None of the course's cells is in this notebook; they stand first, then its own."
            )
        )
    before: str | None = None
    for wanted in course:
        if wanted.id not in there:
            place = next((n + 1 for n, cell in enumerate(result) if cell.id == before), None)
            if before is None:
                place = 0
            # A function's text stands before its cell; without a neighbour it goes to the end.
            # An answer that looks untouched counts as none. Where there is something that may hold
            # it, a person has to look.
            lost_answer = cells and wanted.is_answer and wanted.kind == "markdown"
            text = tell(_LOST_ANSWER) if lost_answer else wanted.source
            result.insert(
                len(result) if place is None else place, Cell(wanted.kind, text, wanted.id)
            )
            there.add(wanted.id)
        before = wanted.id
    return result


def _restored(cells: Sequence[Cell], course: Sequence[CourseCell], notes: list[str]) -> list[Cell]:
    """Give the course's locked cells their text back; the student's stays visible above it."""
    known = {cell.id: cell for cell in course}
    result = []
    changed = []
    for cell in cells:
        given = known.get(cell.id) if cell.id is not None else None
        if given is not None and given.marks.get("locked"):
            if not _same(cell.source, given.source):
                changed.append(given.id)
                if cell.source.strip():
                    result.append(replace(cell, id=None))
            cell = replace(cell, source=given.source)
        result.append(cell)
    if changed:
        notes.append(
            Message(
                "Changed cells were restored: {names}. What was written there stands before each "
                "of them, and functions that it defines are graded all the same.",
                names=joined(", ", changed),
            )
        )
    return result


def _same(text: str, given: str) -> bool:
    """Compare a locked cell with the course's."""
    return text.strip() in _given(given)


def _given(source: str) -> tuple[str, str]:
    """Return a locked cell as the course has it, and as it was given out, without hidden tests."""
    outside, inside = [], False
    for line in source.splitlines():
        if "BEGIN HIDDEN TESTS" in line:
            inside = True
        elif "END HIDDEN TESTS" in line:
            inside = False
        elif not inside:
            outside.append(line)
    return source.strip(), "\n".join(outside).strip()


def _notebook(cells: Sequence[Cell], course: Sequence[CourseCell]) -> nbformat.NotebookNode:
    known = {cell.id: cell for cell in course}
    written = []
    for number, cell in enumerate(cells):
        # nbgrader decides by the id; somebody may have turned a cell of text into one of code.
        kind = cell.kind if cell.id is None else known[cell.id].kind
        make = code_cell if kind == "code" else text_cell
        plain = make(f"cell-{number}", cell.source)
        plain["source"] = cell.source
        if cell.id is not None:
            plain["metadata"] = {"nbgrader": dict(known[cell.id].marks)}
        written.append(plain)
    return nbformat.from_dict(  # type: ignore[no-any-return]
        {"cells": written, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    )

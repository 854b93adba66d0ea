"""Reading the cells of a submitted notebook, of an old format or damaged as it may be."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Cell:
    """A student's cell, reduced to the parts that are used."""

    kind: str
    source: str
    id: str | None = None
    """The id of the course's cell that it is."""
    jupyter_id: str = ""
    """The id that notebooks have had for each cell since format 4.5."""
    attachments: Mapping[str, Any] = field(default_factory=dict)
    """Pictures that were pasted into its text, as the notebook has them."""


def read_cells(data: bytes, known: Collection[str]) -> list[Cell]:
    """Read the cells of a notebook; none when it cannot be read.

    Args:
        data: the student's file.
        known: ids of the course's cells.
    """
    cells = (_cell(cell, known) for cell in _raw_cells(data))
    return [cell for cell in cells if cell is not None]


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


def _cell(cell: Any, known: Collection[str]) -> Cell | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    text = text.encode("utf-8", "replace").decode()  # JSON can hold halves of characters
    jupyter_id = cell.get("id")
    jupyter_id = jupyter_id if isinstance(jupyter_id, str) else ""
    attachments = cell.get("attachments")
    attachments = attachments if isinstance(attachments, dict) else {}
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    id = _grade_id(cell)
    return Cell(kind, text, id if id in known else None, jupyter_id, attachments)


def _grade_id(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    id = marks.get("grade_id") if isinstance(marks, dict) else None
    return id if isinstance(id, str) else ""

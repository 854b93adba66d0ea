"""The cells that nbgrader knows of a notebook, as its gradebook has them."""

from __future__ import annotations

import functools
import json
from typing import Any

from gradpath.course.settings import slugs
from gradpath.frontends.nbgrader.notebook import source_notebook
from gradpath.frontends.nbgrader.repair import CourseCell


def course_cells(notebook: Any) -> list[CourseCell]:
    """Return the cells with nbgrader's marks, in the order of the notebook.

    The gradebook is right about text, points and kind, because an instructor may have changed
    them; it does not know their order. Ours have the order of our own notebook, and cells that the
    instructor added follow.

    Args:
        notebook: an `nbgrader.api.Notebook` with its session open.
    """
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    cells = []
    for source in notebook.source_cells:
        marks: dict[str, Any] = {
            "schema_version": 3,
            "grade": source.name in points and source.name not in tasks,
            "solution": source.name in solutions,
            "locked": source.locked,
            "task": source.name in tasks,
            "grade_id": source.name,
            "cell_type": source.cell_type,
        }
        if source.checksum is not None:
            marks["checksum"] = source.checksum
        if source.name in points:
            marks["points"] = points[source.name]
        cells.append(CourseCell(source.name, source.cell_type, source.source or "", marks))
    order = _order(notebook.name)
    return sorted(cells, key=lambda cell: order.get(cell.id, len(order)))


@functools.cache
def _order(name: str) -> dict[str, int]:
    """Return the place of each cell's id in our own notebook of this name."""
    if name not in slugs():
        return {}
    cells = json.loads(source_notebook(name))["cells"]
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    return {id: place for place, id in enumerate(ids) if id is not None}

"""nbgrader's preprocessors of `autograde`, with one open gradebook instead of one each.

What they decide is nbgrader's own code. Only what takes most of their time is left out: opening
the gradebook anew, and checking the same metadata against its schema in each submission.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from nbformat import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from traitlets.utils.importstring import import_item

from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader.grade_preprocessor import Grade


class _Kernelspec(OverwriteKernelspec):  # type: ignore[misc]
    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        marks = resources["nbgrader"]
        released = self.parent.rows.find_notebook(marks["notebook"], marks["assignment"])
        kernelspec = json.loads(released.kernelspec or "null")
        if kernelspec:
            nb.metadata["kernelspec"] = kernelspec
        return nb, resources


class _Cells(OverwriteCells):  # type: ignore[misc]
    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.gradebook = self.parent.rows
        for place, cell in enumerate(nb.cells):
            nb.cells[place], resources = self.preprocess_cell(cell, resources, place)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources


class _Scores(SaveAutoGrades):  # type: ignore[misc]
    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.student_id = resources["nbgrader"]["student"]
        self.gradebook = self.parent.rows
        for place, cell in enumerate(nb.cells):
            nb.cells[place], resources = self.preprocess_cell(cell, resources, place)
        return nb, resources


class _LatePenalties(AssignLatePenalties):  # type: ignore[misc]
    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        marks = resources["nbgrader"]
        rows = self.parent.rows
        self.init_plugin()
        whose = (marks["assignment"], marks["student"])
        late = rows.find_submission(*whose).total_seconds_late
        notebook = rows.find_submission_notebook(marks["notebook"], *whose)
        notebook.late_submission_penalty = None
        if late > 0:
            penalty = self.plugin_inst.late_submission_penalty(
                marks["student"], notebook.score, late
            )
            if penalty is not None:
                notebook.late_submission_penalty = self._check_late_penalty(notebook, penalty)
        return nb, resources


class _OnceValidator(MetadataValidator):  # type: ignore[misc]
    """Checks each cell of the course once: it is the same in all submissions."""

    def __init__(self) -> None:
        super().__init__()
        self._valid: set[str] = set()

    def validate_cell(self, cell: NotebookNode) -> None:
        marks = cell.metadata.get("nbgrader")
        key = json.dumps([cell.cell_type, marks], sort_keys=True)
        if key not in self._valid:
            super().validate_cell(cell)
            self._valid.add(key)


class _Metadata(CheckCellMetadata):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._validator = _OnceValidator()

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        self._validator.validate_nb(nb)
        return nb, resources


_INSTEAD: Final = {
    OverwriteKernelspec: _Kernelspec,
    OverwriteCells: _Cells,
    SaveAutoGrades: _Scores,
    AssignLatePenalties: _LatePenalties,
    CheckCellMetadata: _Metadata,
}

_AS_THEY_ARE: Final = (ClearOutput, DeduplicateIds, IgnorePattern, LimitOutput, Grade)


def steps(exporter: Any, configured: Iterable[Any]) -> list[Any]:
    """Make the preprocessors of one pass of `autograde`.

    Args:
        exporter: their parent; it has the `rows` of the submission at hand.
        configured: what the course's configuration names: classes, or their names.

    Raises:
        GradpathError: one of them may open the gradebook by itself, while it is being written.
    """
    exporter._preprocessors = []
    for each in configured:
        wanted = import_item(each) if isinstance(each, str) else each
        package, _, module = wanted.__module__.rpartition(".")
        known = package == "nbconvert.preprocessors" and module != "execute"
        if not known and wanted not in (*_AS_THEY_ARE, *_INSTEAD):
            raise GradpathError(
                f"nbgrader_config.py adds the preprocessor {wanted.__name__} to autograde, which "
                "gradpath does not know; grade with `nbgrader autograde`, which is slower"
            )
        exporter.register_preprocessor(_INSTEAD.get(wanted, wanted))
    return list(exporter._preprocessors)

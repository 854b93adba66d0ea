"""How `nbgrader autograde` reads submissions: all of them, whatever they are.

nbgrader lets an instructor name the class that reads and writes its notebooks. This one sees to it
that every student with a folder gets a row, and holds the engine that grades them.
"""

from __future__ import annotations

import datetime
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException

from gradpath.course import load
from gradpath.engine.session import Observation
from gradpath.errors import GradpathError
from gradpath.grading import Grader, unreadable
from gradpath.nbgrader.course_cells import course_cells
from gradpath.nbgrader.repair import CourseCell, repair, with_note
from gradpath.results import Result
from gradpath.run import Run
from gradpath.settings import slugs
from gradpath.settings_file import find_secret
from gradpath.submissions import MAX_NOTEBOOK, choose


@dataclass(frozen=True)
class Graded:
    """The engine's result for a submission, and what it did, by check, for the picture."""

    result: Result
    observations: Mapping[str, Sequence[Observation]] = field(default_factory=dict)


def grade_folder(run: Run, folder: Path, slug: str, student: str) -> Graded:
    """Have the engine grade what a student handed in for an assignment.

    Args:
        run: an engine that knows the assignment.
        folder: what was handed in.
        slug: gradpath's name of the assignment.
        student: whose it is.

    Raises:
        GradpathError: nothing can be graded on this machine.
    """
    chosen = choose(folder, slug, student)
    if isinstance(chosen, str):
        return Graded(unreadable(load(slug), student, "", chosen))
    observations: dict[str, Sequence[Observation]] = {}

    def look(grader: Grader, _: Result) -> None:
        observations.update(grader.observations)

    return Graded(run.grade(chosen, look), observations)


class SealedExporter(NotebookExporter):
    """Reads what students handed in, and grades it with gradpath's engine.

    nbgrader makes one for each run of `autograde`, when it has listed the submissions and has not
    read any.
    """

    def __init__(self, **options: Any) -> None:
        """Take over the list of submissions from the converter, which is the parent.

        Raises:
            NbGraderException: nothing can be graded here; the reason has been logged.
        """
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._cells: dict[tuple[str, str], list[CourseCell]] = {}
        self._run: Run | None = None
        self.observations: Mapping[str, Sequence[Observation]] = {}
        """What the last submission did, by check; for the picture of its runs."""
        converter: Any = self.parent
        self._converter = converter
        try:
            self._secret = find_secret(
                None, None, Path(converter.coursedir.root), otherwise=" in the course's folder"
            )
        except GradpathError as error:
            converter.log.error("gradpath: %s", error)
            raise NbGraderException(str(error)) from None
        _add_submissions_without_a_notebook(converter)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Any, Any]:
        """Read a submission; nbgrader's own reading is for what nbgrader itself wrote."""
        if not self._converter._sanitizing or resources is None:
            return super().from_filename(filename, resources, **options)
        notebook = self.read(Path(filename), resources)
        return self.from_notebook_node(  # type: ignore[no-untyped-call,no-any-return]
            notebook, resources=resources, **options
        )

    def read(self, path: Path, resources: dict[str, Any]) -> NotebookNode:
        """Return the notebook that stands for a submission, with a note of what was put right.

        Args:
            path: where the student's notebook is to be; it may be missing.
            resources: nbgrader's, which say whose it is; what nbconvert wants to know is added.
        """
        marks = resources["nbgrader"]
        repaired = repair(
            _contents(path, marks["notebook"]),
            self.course_cells(marks["assignment"], marks["notebook"]),
        )
        for note in repaired.notes:
            self.log.warning("%s of %s: %s", path.name, marks["student"], note)
        if repaired.notes:
            with_note(repaired.notebook, "\n\n".join(repaired.notes))
        resources["metadata"] = {
            "name": path.stem,
            "path": str(path.parent),
            "modified_date": datetime.date.today().isoformat(),
        }
        return repaired.notebook

    def course_cells(self, assignment: str, notebook: str) -> list[CourseCell]:
        """Return the cells that nbgrader knows of a notebook."""
        key = (assignment, notebook)
        if key not in self._cells:
            with Gradebook(self._converter.coursedir.db_url) as gradebook:
                self._cells[key] = course_cells(gradebook.find_notebook(notebook, assignment))
        return self._cells[key]

    def result_of(self, assignment: str, slug: str, student: str) -> Result:
        """Have the engine grade a submission.

        Args:
            assignment: nbgrader's name of the assignment.
            slug: the notebook's name, which is gradpath's name of the assignment.
            student: whose it is.

        Raises:
            GradpathError: nothing can be graded on this machine.
        """
        graded = grade_folder(
            *(self._started(slug), self.folder_of(assignment, student), slug, student)
        )
        self.observations = graded.observations
        return graded.result

    def folder_of(self, assignment: str, student: str) -> Path:
        """Return the folder with what a student handed in."""
        coursedir = self._converter.coursedir
        return Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))

    def _started(self, slug: str) -> Run:
        """Return the engine; it stays for all submissions of this run of nbgrader."""
        if self._run is None or slug not in self._run.assignments:
            if self._run is not None:
                self._run.close()
            self._run = Run([slug], self._secret, jobs=1)
            weakref.finalize(self, self._run.close)
        return self._run


def _contents(path: Path, slug: str) -> bytes | None:
    """Return what is to be shown of a submission: its notebook, under whatever name."""
    if not path.is_file():
        chosen = choose(path.parent, slug)
        if isinstance(chosen, str) or not chosen.file.endswith(".ipynb"):
            return None
        path = path.parent / chosen.file
    return path.read_bytes() if path.stat().st_size <= MAX_NOTEBOOK else None


def _add_submissions_without_a_notebook(converter: Any) -> None:
    """Let nbgrader grade the folders that it passes over.

    It takes folders in which a notebook has the right name. Where there is none, because it was
    renamed or forgotten, the student would have no row in the gradebook and nobody would notice.
    """
    coursedir = converter.coursedir
    if coursedir.notebook_id != "*":
        return  # somebody wants certain notebooks
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            names = [
                each.name for each in gradebook.find_assignment(coursedir.assignment_id).notebooks
            ]
        except MissingEntry:
            return  # nbgrader says so
    ours = [name for name in names if name in slugs()]
    pattern = coursedir.format_path(
        coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id
    )
    root = Path(coursedir.root)
    for folder in sorted(root.glob(str(Path(pattern).relative_to(root)))):
        expected = [folder / f"{name}.ipynb" for name in ours]
        if folder.is_dir() and expected and not any(path.is_file() for path in expected):
            converter.log.warning("%s has no %s", folder, expected[0].name)
            converter.assignments[str(folder)] = [str(path) for path in expected]

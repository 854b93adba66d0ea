"""The reader of submissions in `nbgrader autograde`, which takes broken ones as well.

nbgrader lets an instructor name the class that reads and writes its notebooks. This one sees to it
that every student with a folder gets a row, and holds the engine that grades them.
"""

from __future__ import annotations

import datetime
import os
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException

from gradpath.cohort.run import Run
from gradpath.course.config import find_secret
from gradpath.course.load import load
from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader import submitted_folder as handed_in
from gradpath.frontends.nbgrader.course_cells import course_cells
from gradpath.frontends.nbgrader.repair import CourseCell, plain, repair, with_note
from gradpath.grading.graded import Graded, unreadable
from gradpath.grading.results import Result
from gradpath.submissions.find import find_one
from gradpath.submissions.submission import MAX_NOTEBOOK, Submission
from gradpath.text.languages import tell
from gradpath.text.messages import Message
from gradpath.worker.protocol import Observation


def grade_folder(run: Run, folder: Path, slug: str, student: str) -> Graded:
    """Have the engine grade a student's submission to an assignment.

    Args:
        run: an engine that knows the assignment.
        folder: the files that were handed in.
        slug: gradpath's name of the assignment.
        student: the student's id.

    Raises:
        GradpathError: nothing can be graded on this machine.
    """
    chosen = _chosen(folder, slug, student)
    if isinstance(chosen, str):
        return unreadable(load(slug), student, "", chosen)
    return run.grade(chosen)


class SealedExporter(NotebookExporter):
    """Reads submissions, and grades them with gradpath's engine.

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
        """Outcomes of the last submission's calls, by check; for the picture of its runs."""
        self.pictures: Mapping[str, bytes] = {}
        """Pictures that were pasted into the text of the last notebook, by path."""
        converter: Any = self.parent
        self._converter = converter
        try:
            self._secret = find_secret(
                None, None, Path(converter.coursedir.root), otherwise=" in the course's folder"
            )
        except GradpathError as error:
            converter.log.error("gradpath: %s", error)
            raise NbGraderException(str(error)) from None
        handed_in.prepare(converter)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Any, Any]:
        """Read a submission; nbgrader's own reading is for notebooks that nbgrader wrote."""
        if not self._converter._sanitizing or resources is None:
            return super().from_filename(filename, resources, **options)
        notebook = self.read(Path(filename), resources)
        return self.from_notebook_node(  # type: ignore[no-untyped-call,no-any-return]
            notebook, resources=resources, **options
        )

    def read(self, path: Path, resources: dict[str, Any]) -> NotebookNode:
        """Return the notebook that stands for a submission, with a note on repairs at its top.

        Args:
            path: where the student's notebook is to be; it may be missing.
            resources: nbgrader's, which name the student; nbconvert's are added.
        """
        marks = resources["nbgrader"]
        data, notes = _contents(path, marks["notebook"])
        cells = self.course_cells(marks["assignment"], marks["notebook"])
        repaired = repair(data, cells, resources["output_files_dir"])
        self.pictures = repaired.pictures
        notes += repaired.notes
        for note in notes:
            self.log.warning("%s of %s: %s", path.name, marks["student"], note)
        if notes:
            with_note(repaired.notebook, "\n\n".join(map(tell, notes)))
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
            student: the student's id.

        Raises:
            GradpathError: nothing can be graded on this machine.
        """
        graded = self.grade(self.folder_of(assignment, student), slug, student)
        self.observations = graded.observations
        return graded.result

    def grade(self, folder: Path, slug: str, student: str) -> Graded:
        """Grade a submission's folder with an engine of this process."""
        return grade_folder(self._started(slug), folder, slug, student)

    def folder_of(self, assignment: str, student: str) -> Path:
        """Return the folder of a student's submission."""
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


def _chosen(folder: Path, slug: str, student: str = "student") -> Submission | str:
    """Return the submission in a folder, or why there is none."""
    try:
        return find_one(folder, slug, student)
    except OSError as error:
        reason = error.strerror or str(error)
        return Message("what was handed in cannot be read: {reason}", reason=reason)
    except RecursionError:
        return Message("what was handed in has folders in folders in folders; hand in one file")


def _contents(path: Path, slug: str) -> tuple[bytes | None, list[str]]:
    """Return the part of a submission that is shown: its notebook, under any name.

    Links are not followed: where one leads, a student may not read, and feedback shows this.

    Returns:
        The notebook, if there is one, and notes about it.
    """
    notes: list[str] = []
    if os.path.lexists(path.parent / handed_in.NO_TIME):
        notes.append(
            Message("When this was handed in is not known: its timestamp.txt holds no time.")
        )
    try:
        if os.path.isfile(path) and not path.is_symlink():
            return (path.read_bytes() if path.stat().st_size <= MAX_NOTEBOOK else None), notes
        chosen = _chosen(path.parent, slug)
        if isinstance(chosen, str):
            return None, notes
        if not chosen.file.lower().endswith(".ipynb"):
            file = plain(chosen.file)
            notes.append(
                Message("There is no notebook. What has been graded is {file}.", file=file)
            )
            return None, notes
        return (chosen.read_bytes() if chosen.size <= MAX_NOTEBOOK else None), notes
    except Exception:  # damaged archives have many; the engine gives the reason
        return None, notes

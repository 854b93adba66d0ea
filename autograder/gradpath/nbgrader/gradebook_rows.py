"""nbgrader's gradebook, opened once for a run, and written one whole submission at a time.

nbgrader opens its gradebook some ten times for each notebook, looks every cell up in joins over
six tables, and commits after each of them. Here a submission's rows are read at once, changed by
nbgrader's own rules, and committed together: a run that is stopped leaves no half of a submission.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from gradpath.errors import GradpathError

_PATIENCE: Final = 60
"""Seconds to wait while somebody else writes into the gradebook, such as a second run."""


def exists(db_url: str) -> bool:
    """Tell whether there is a gradebook; one in a file must not be made by asking for it."""
    url = make_url(db_url)
    in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return not in_file or Path(str(url.database)).is_file()


def _patient(db_url: str) -> str:
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(_PATIENCE)})
    return url.render_as_string(hide_password=False)


class Released:
    """An assignment as nbgrader has released it: its notebooks and their cells, read once."""

    def __init__(self, assignment: Any) -> None:
        """Read all of it.

        Args:
            assignment: an `nbgrader.api.Assignment` with its session open.
        """
        self.assignment = assignment
        self.notebooks: dict[str, Any] = {each.name: each for each in assignment.notebooks}
        self.source_cells: dict[tuple[str, str], Any] = {}
        self.graded_cells: dict[tuple[str, str], Any] = {}
        self.cell_names: dict[str, str] = {}
        """The names of graded and solution cells by their ids in the gradebook."""
        for name, notebook in self.notebooks.items():
            for cell in notebook.source_cells:
                self.source_cells[name, cell.name] = cell
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                self.graded_cells[name, cell.name] = cell
            for cell in (*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells):
                self.cell_names[cell.id] = cell.name


class OpenGradebook:
    """A gradebook that stays open for a whole run. Use it as a context manager, in one thread."""

    def __init__(self, db_url: str, course_id: str) -> None:
        """Open it, as nbgrader does: missing tables are made, and the course's own row."""
        self._gradebook = Gradebook(_patient(db_url), course_id)
        # Committed objects stay as they are: an assignment is read once, not for each submission.
        self._session = Session(self._gradebook.engine, expire_on_commit=False)

    def __enter__(self) -> OpenGradebook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._session.close()
        self._gradebook.close()

    def released(self, name: str) -> Released:
        """Return an assignment.

        Raises:
            GradpathError: the gradebook has none of this name.
        """
        query = select(Assignment).filter_by(name=name)
        assignment = self._session.execute(query).scalar_one_or_none()
        if assignment is None or not assignment.notebooks:
            raise GradpathError(not_generated(name))
        released = Released(assignment)
        self._session.commit()
        return released

    @contextmanager
    def submission(
        self,
        released: Released,
        student: str,
        timestamp: datetime.datetime | None,
        *,
        create_student: bool,
    ) -> Iterator[Rows]:
        """Yield the rows of a submission, which are made if need be; commit them at the end.

        Args:
            released: the assignment.
            student: the student's id.
            timestamp: when it was handed in, in UTC; None leaves what the gradebook says.
            create_student: make a row for a student that the gradebook does not know.

        Raises:
            GradpathError: the gradebook does not know the student, and shall not.
        """
        try:
            self._need_student(student, create_student)
            yield self._rows(released, student, timestamp)
            self._session.commit()
        except BaseException:
            self._session.rollback()
            raise

    def _need_student(self, student: str, create: bool) -> None:
        if self._session.get(Student, student) is not None:
            return
        if not create:
            raise GradpathError(
                f"the gradebook has no student {student!r}, and nbgrader_config.py sets "
                "Autograde.create_student to False"
            )
        self._session.add(Student(id=student))

    def _rows(self, released: Released, student: str, timestamp: datetime.datetime | None) -> Rows:
        session = self._session
        query = select(SubmittedAssignment).filter_by(
            assignment_id=released.assignment.id, student_id=student
        )
        submission = session.execute(query).scalar_one_or_none()
        if submission is None:
            submission = SubmittedAssignment(
                assignment_id=released.assignment.id, student_id=student, timestamp=timestamp
            )
            notebooks = _new_notebooks(released, submission)
            session.add(submission)
            return Rows(session, released, submission, notebooks)
        if timestamp is not None:
            submission.timestamp = timestamp
        found = session.execute(
            select(SubmittedNotebook).filter_by(assignment_id=submission.id)
        ).scalars()
        names = {notebook.id: name for name, notebook in released.notebooks.items()}
        known = {names[each.notebook_id]: each for each in found if each.notebook_id in names}
        return Rows(session, released, submission, known)


def not_generated(name: str) -> str:
    """Return what to tell somebody whose gradebook has no such assignment."""
    return (
        f"the gradebook has no assignment {name!r}; run `nbgrader generate_assignment {name}` first"
    )


def _new_notebooks(released: Released, submission: Any) -> dict[str, Any]:
    """Make the rows that nbgrader makes for a submission: empty grades and comments."""
    made = {}
    for name, notebook in released.notebooks.items():
        row = SubmittedNotebook(notebook_id=notebook.id, assignment=submission)
        for cell in (*notebook.grade_cells, *notebook.task_cells):
            # Values that are given need not be read back before they are looked at.
            row.grades.append(Grade(cell_id=cell.id, auto_score=None, manual_score=None))
        for cell in (*notebook.solution_cells, *notebook.task_cells):
            row.comments.append(Comment(cell_id=cell.id, auto_comment=None))
        made[name] = row
    return made


class _Uncommitted:
    """What nbgrader's preprocessors commit to: the whole submission is committed later."""

    def commit(self) -> None:
        """Do nothing."""


class Rows:
    """A submission's rows. Answers nbgrader's preprocessors as its `Gradebook` would."""

    def __init__(
        self, session: Session, released: Released, submission: Any, notebooks: dict[str, Any]
    ) -> None:
        """Read the grades and comments.

        Args:
            session: which they belong to; changes are written by whoever has opened it.
            released: the assignment.
            submission: the row of the submission.
            notebooks: the rows of its notebooks by their names.
        """
        self.db = _Uncommitted()
        self.submission = submission
        self._session = session
        self._released = released
        self._notebooks = notebooks
        self._grades = self._by_cell((name, row.grades) for name, row in notebooks.items())
        self._comments = self._by_cell((name, row.comments) for name, row in notebooks.items())

    def _by_cell(self, rows: Iterable[tuple[str, Sequence[Any]]]) -> dict[tuple[str, str], Any]:
        names = self._released.cell_names
        return {
            (notebook, names[row.cell_id]): row
            for notebook, each in rows
            for row in each
            if row.cell_id in names
        }

    def nothing_handed_in(self, notebook: str) -> None:
        """Give no points for a notebook that is not there, as nbgrader does."""
        for (name, _), grade in self._grades.items():
            if name == notebook:
                grade.auto_score = 0
                grade.needs_manual_grade = False

    # What follows has the names and arguments of `nbgrader.api.Gradebook`.

    def find_notebook(self, name: str, assignment: str) -> Any:
        """Return a notebook of the assignment."""
        return self._found(self._released.notebooks, name)

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """Return a cell as it was given out."""
        return self._found(self._released.source_cells, (notebook, name))

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> Any:
        """Return a cell that gives points."""
        return self._found(self._released.graded_cells, (notebook, name))

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Any:
        """Return the points of a cell."""
        return self._found(self._grades, (notebook, grade_cell))

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Any:
        """Return the comments on a cell."""
        return self._found(self._comments, (notebook, solution_cell))

    def find_submission(self, assignment: str, student: str) -> Any:
        """Return the submission; what it says about points has been summed up anew."""
        self._session.flush()
        return self.submission

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> Any:
        """Return the submission's row of a notebook; its points have been summed up anew."""
        row = self._found(self._notebooks, notebook)
        self._session.flush()
        self._session.expire(row, ["score"])
        return row

    @staticmethod
    def _found(rows: dict[Any, Any], key: Any) -> Any:
        try:
            return rows[key]
        except KeyError:
            raise MissingEntry(f"the gradebook has no {key!r} for this submission") from None

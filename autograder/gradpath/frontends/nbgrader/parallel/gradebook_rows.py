"""nbgrader's gradebook, opened once for a run, and written one whole submission at a time.

nbgrader opens its gradebook some ten times for each notebook, looks every cell up in joins over
six tables, and commits after each of them. Here a submission's rows are read at once, changed by
nbgrader's own rules, and committed together: a run that is stopped leaves no half of a submission.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
    new_uuid,
)
from sqlalchemy import Connection, bindparam, insert, select, update
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
        with self._gradebook.engine.begin() as connection:
            _need_student(connection, student, create_student)
            rows = Rows(connection, released, _submission(connection, released, student, timestamp))
            yield rows
            rows.write()


def not_generated(name: str) -> str:
    """Return what to tell somebody whose gradebook has no such assignment."""
    return (
        f"the gradebook has no assignment {name!r}; run `nbgrader generate_assignment {name}` first"
    )


# What follows uses tables, not nbgrader's mapped classes: those take several times as long.

_STUDENT: Final[Any] = Student.__table__
_SUBMISSION: Final[Any] = SubmittedAssignment.__table__
_NOTEBOOK: Final[Any] = SubmittedNotebook.__table__
_GRADE: Final[Any] = Grade.__table__
_COMMENT: Final[Any] = Comment.__table__


@dataclass
class _Submission:
    """A row of `submitted_assignment`; `is_new` as long as it is not written."""

    id: str
    student_id: str
    timestamp: datetime.datetime | None
    duedate: datetime.datetime | None
    is_new: bool

    @property
    def total_seconds_late(self) -> float:
        """Seconds after the due date, an extension included; 0 if nobody knows."""
        if self.timestamp is None or self.duedate is None:
            return 0.0
        return max(0.0, (self.timestamp - self.duedate).total_seconds())


@dataclass
class _Grade:
    id: str
    notebook_id: str
    cell_id: str
    auto_score: float | None = None
    manual_score: float | None = None
    needs_manual_grade: bool = True


@dataclass
class _Comment:
    id: str
    notebook_id: str
    cell_id: str
    auto_comment: str | None = None


@dataclass
class _Notebook:
    id: str
    notebook_id: str
    assignment_id: str
    late_submission_penalty: float | None = None
    score: float = 0.0
    """Of what has been written, when the notebook was looked for last; no column."""


def _need_student(connection: Connection, student: str, create: bool) -> None:
    if connection.execute(select(_STUDENT.c.id).where(_STUDENT.c.id == student)).first():
        return
    if not create:
        raise GradpathError(
            f"the gradebook has no student {student!r}, and nbgrader_config.py sets "
            "Autograde.create_student to False"
        )
    connection.execute(insert(_STUDENT), {"id": student})


def _submission(
    connection: Connection,
    released: Released,
    student: str,
    timestamp: datetime.datetime | None,
) -> _Submission:
    """Return the row of a submission, brought up to date, or make a new one."""
    assignment = released.assignment
    query = select(_SUBMISSION.c.id, _SUBMISSION.c.timestamp, _SUBMISSION.c.extension).where(
        _SUBMISSION.c.assignment_id == assignment.id, _SUBMISSION.c.student_id == student
    )
    found = connection.execute(query).first()
    if found is None:
        return _Submission(new_uuid(), student, timestamp, assignment.duedate, is_new=True)
    if timestamp is not None:
        connection.execute(
            update(_SUBMISSION).where(_SUBMISSION.c.id == found.id).values(timestamp=timestamp)
        )
    due = assignment.duedate
    if due is not None and found.extension is not None:
        due += found.extension
    return _Submission(found.id, student, timestamp or found.timestamp, due, is_new=False)


class _Records:
    """Some rows of a table, and what the table holds of them."""

    def __init__(
        self, table: Any, kind: type[Any], written: Sequence[str], filled: Sequence[str] = ()
    ) -> None:
        """Begin with none.

        Args:
            table: the table.
            kind: what a row becomes.
            written: the columns that autograding changes.
            filled: the columns that it reads, or fills in a new row.
        """
        self._table = table
        self._kind = kind
        self._written = tuple(written)
        self._columns = ("id", *filled, *written)
        self._stored: dict[str, tuple[Any, ...]] = {}
        self.all: list[Any] = []
        change: dict[str, Any] = {name: bindparam(f"new_{name}") for name in written}
        self._update = update(table).where(table.c.id == bindparam("row")).values(change)

    def read(self, connection: Connection, condition: Any) -> None:
        """Read the rows that fulfil a condition."""
        columns = [self._table.c[name] for name in self._columns]
        for row in connection.execute(select(*columns).where(condition)):
            record = self._kind(**row._mapping)
            self.all.append(record)
            self._stored[record.id] = self._values(record)

    def add(self, *values: str) -> Any:
        """Make a new row."""
        record = self._kind(new_uuid(), *values)
        self.all.append(record)
        return record

    def write(self, connection: Connection) -> None:
        """Insert what is new and update what has changed."""
        added, changed = [], []
        for record in self.all:
            values = self._values(record)
            if record.id not in self._stored:
                added.append({name: getattr(record, name) for name in self._columns})
            elif self._stored[record.id] != values:
                new = {f"new_{n}": v for n, v in zip(self._written, values, strict=True)}
                changed.append({"row": record.id, **new})
            self._stored[record.id] = values
        if added:
            connection.execute(insert(self._table), added)
        if changed:
            connection.execute(self._update, changed)

    def _values(self, record: Any) -> tuple[Any, ...]:
        return tuple(getattr(record, name) for name in self._written)


class _Uncommitted:
    """What nbgrader's preprocessors commit to: the whole submission is committed later."""

    def commit(self) -> None:
        """Do nothing."""


class Rows:
    """A submission's rows. Answers nbgrader's preprocessors as its `Gradebook` would."""

    def __init__(self, connection: Connection, released: Released, submission: _Submission) -> None:
        """Read what there is; make what nbgrader makes: empty grades and comments.

        Args:
            connection: with a transaction, which whoever has begun it commits.
            released: the assignment.
            submission: the row of the submission.
        """
        self.db = _Uncommitted()
        self._connection = connection
        self._released = released
        self._submission = submission
        self._notebook_records = _Records(
            *(_NOTEBOOK, _Notebook, ["late_submission_penalty"], ["notebook_id", "assignment_id"])
        )
        own = ["notebook_id", "cell_id"]
        self._grade_records = _Records(
            *(_GRADE, _Grade, ["auto_score", "needs_manual_grade"], [*own, "manual_score"])
        )
        self._comment_records = _Records(_COMMENT, _Comment, ["auto_comment"], own)
        if submission.is_new:
            self._make()
        else:
            self._read()
        names = {notebook.id: name for name, notebook in released.notebooks.items()}
        self._notebooks = {
            names[record.notebook_id]: record
            for record in self._notebook_records.all
            if record.notebook_id in names
        }
        self._grades = self._by_cell(self._grade_records)
        self._comments = self._by_cell(self._comment_records)

    def _make(self) -> None:
        for notebook in self._released.notebooks.values():
            id = self._notebook_records.add(notebook.id, self._submission.id).id
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                self._grade_records.add(id, cell.id)
            for cell in (*notebook.solution_cells, *notebook.task_cells):
                self._comment_records.add(id, cell.id)

    def _read(self) -> None:
        connection = self._connection
        own = _NOTEBOOK.c.assignment_id == self._submission.id
        self._notebook_records.read(connection, own)
        ids = [record.id for record in self._notebook_records.all]
        self._grade_records.read(connection, _GRADE.c.notebook_id.in_(ids))
        self._comment_records.read(connection, _COMMENT.c.notebook_id.in_(ids))

    def _by_cell(self, records: _Records) -> dict[tuple[str, str], Any]:
        names = self._released.cell_names
        notebooks = {record.id: name for name, record in self._notebooks.items()}
        return {
            (notebooks[record.notebook_id], names[record.cell_id]): record
            for record in records.all
            if record.cell_id in names and record.notebook_id in notebooks
        }

    def write(self) -> None:
        """Write what is new and what has changed, within the transaction."""
        submission = self._submission
        if submission.is_new:
            values = {
                "id": submission.id,
                "student_id": submission.student_id,
                "assignment_id": self._released.assignment.id,
                "timestamp": submission.timestamp,
            }
            self._connection.execute(insert(_SUBMISSION), values)
            submission.is_new = False
        for records in (self._notebook_records, self._grade_records, self._comment_records):
            records.write(self._connection)

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
        """Return the submission: when it came, and how late that is."""
        return self._submission

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> Any:
        """Return the submission's row of a notebook, with its points if it may lose some."""
        record = self._found(self._notebooks, notebook)
        if self._submission.total_seconds_late > 0:
            self.write()  # nbgrader sums up what its tables hold
            query = select(SubmittedNotebook.score).where(SubmittedNotebook.id == record.id)
            record.score = self._connection.execute(query).scalar_one()
        return record

    @staticmethod
    def _found(rows: dict[Any, Any], key: Any) -> Any:
        try:
            return rows[key]
        except KeyError:
            raise MissingEntry(f"the gradebook has no {key!r} for this submission") from None

"""A course's folder as nbgrader's own commands open it: settings, submissions, gradebook."""

from __future__ import annotations

import contextlib
import logging
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from traitlets import TraitError

from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader.exporter import SealedExporter

SETTINGS: Final = "nbgrader_config.py"

_PATIENCE: Final = 60
"""Seconds to wait for the gradebook while another process writes into it."""


class Notes(logging.Handler):
    """A log handler that keeps nbgrader's warnings until the progress bar has gone."""

    def __init__(self) -> None:
        """Take warnings and errors."""
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.failure = ""
        """The reason that nbgrader gave up on the last submission that failed."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        if record.funcName == "convert_notebooks":
            # nbgrader logs a traceback here; the exception itself is in flight.
            error = sys.exc_info()[1]
            if error is not None:
                self.failure = " ".join(f"{error}".split()) or type(error).__name__
        elif record.funcName != "init_destination":  # which tells of each skipped submission
            self.lines.append(record.getMessage())


@dataclass(frozen=True)
class Outcome:
    """The end of one submission.

    Attributes:
        assignment: nbgrader's name of the assignment.
        student: the student's id.
        graded: the submission has rows and files now.
        failure: the reason that it has none; empty for one that was graded before.
        notes: nbgrader's warnings.
    """

    assignment: str
    student: str
    graded: bool
    failure: str
    notes: tuple[str, ...]


def open_course(folder: Path, notes: Notes) -> Any:
    """Load a course's settings and check that they are gradpath's.

    Args:
        folder: the course's folder, which is also the current one.
        notes: takes the place of the terminal in nbgrader's log.

    Returns:
        nbgrader's application, which holds the settings.

    Raises:
        GradpathError: there is no course here, or its settings are wrong or not ours.
    """
    app = AutogradeApp(raise_config_file_errors=True)
    app.log.addHandler(notes)
    for handler in list(app.log.handlers):
        # A file that the course keeps as a log stays.
        if handler is not notes and not isinstance(handler, logging.FileHandler):
            app.log.removeHandler(handler)
    try:
        app.initialize([])
    except (Exception, SystemExit) as error:  # the course's own code may raise anything
        reason = notes.lines[-1] if isinstance(error, SystemExit) and notes.lines else ""
        reason = reason or f"{type(error).__name__}: {error}"
        raise GradpathError(
            f"{folder / SETTINGS} cannot be used: {' '.join(reason.split())}"
        ) from None
    return app


class Converter(Autograde):  # type: ignore[misc]
    """nbgrader's converter for one assignment, which converts one submission at a time."""

    assignments: dict[str, list[str]]
    """Notebooks by the folder of their submission; `start` lists them."""
    exporter: Any
    _attempted = False

    @classmethod
    def open(cls, app: Any, assignment: str, student: str | None, *, force: bool) -> Converter:
        """Make one.

        Args:
            app: nbgrader's application.
            assignment: nbgrader's name of the assignment.
            student: a pattern for students' ids; None for the one in the course's settings.
            force: grade again what is graded already.

        Raises:
            GradpathError: the course's settings are not gradpath's, or wrong.
        """
        try:
            coursedir = CourseDirectory(parent=app)
            coursedir.assignment_id = assignment
            if student is not None:
                coursedir.student_id = student
            converter = cls(coursedir=coursedir, parent=app)
            exporter_class = converter.exporter_class
        except TraitError as error:
            raise GradpathError(f"{SETTINGS}: {' '.join(str(error).split())}") from None
        if exporter_class is not SealedExporter:
            raise GradpathError(
                f"{SETTINGS} does not set gradpath up as the grader: it needs "
                "`from gradpath.frontends.nbgrader.config import configure` and `configure(c)`"
            )
        if coursedir.notebook_id != "*":
            raise GradpathError(
                f"{SETTINGS} sets CourseDirectory.notebook_id; gradpath grades whole submissions"
            )
        converter.force = converter.force or force
        coursedir.db_url = _patient(coursedir.db_url)
        return converter

    def rows(self) -> dict[str, bool]:
        """Return the students with rows for this assignment, and whether they were late.

        Raises:
            GradpathError: the gradebook does not know the assignment, or cannot be read.
        """
        name = self.coursedir.assignment_id
        unknown = GradpathError(
            f"the gradebook has no assignment {name!r}; run `nbgrader generate_assignment {name}` "
            "first"
        )
        url = make_url(self.coursedir.db_url)
        # Opening a gradebook that is not there would make one.
        if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
            raise unknown
        try:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                assignment = gradebook.find_assignment(name)
                if not assignment.notebooks:
                    raise unknown
                return {
                    submission.student_id: submission.total_seconds_late > 0
                    for submission in assignment.submissions
                }
        except MissingEntry:
            raise unknown from None
        except OperationalError as error:
            raise GradpathError(
                f"the gradebook cannot be used: {error.orig}; if nbgrader was upgraded, make a "
                "copy of it and run `nbgrader db upgrade`"
            ) from None

    def init_notebooks(self) -> None:
        """List the submissions. One without a notebook is added by the exporter, later."""
        with contextlib.suppress(NbGraderException):
            super().init_notebooks()

    def convert_notebooks(self) -> None:
        """Leave the submissions that `start` has listed to `convert`."""

    def submissions(self) -> list[str]:
        """Return the folders of the submissions that `start` has listed."""
        excluded = self.coursedir.student_id_exclude.split(",")
        return [
            folder for folder in sorted(self.assignments) if self.student_of(folder) not in excluded
        ]

    def student_of(self, folder: str) -> str:
        """Return the student that a submission's folder belongs to."""
        form = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        match = re.match(form, folder)
        return match["student_id"] if match else folder

    def enter_students(self) -> None:
        """Enter the students of all submissions in the gradebook, as nbgrader does one by one.

        Two processes that enter one student for two assignments would be in each other's way.
        """
        if self.create_student:
            with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
                for student in dict.fromkeys(map(self.student_of, self.submissions())):
                    gradebook.update_or_create_student(student)

    def convert(self, folder: str, notes: Notes, *, known: bool) -> Outcome:
        """Autograde one submission, unless it is graded already.

        Args:
            folder: one of `submissions`.
            notes: takes nbgrader's log.
            known: the gradebook had rows for this submission before the run.
        """
        student = self.student_of(folder)
        notes.lines, notes.failure = [], ""
        listed = self.assignments
        self.assignments = {folder: listed[folder]}
        self._attempted = False
        mark = self._mark(student)
        try:
            try:
                super().convert_notebooks()
            except NbGraderException:
                # nbgrader has removed the files; the rows would look like a graded submission.
                if not known:
                    self._remove_rows(student)
            mark.unlink(missing_ok=True)
        except KeyboardInterrupt:
            # It may come at any moment, also when nbgrader has finished.
            if self._attempted:
                self._remove_files(student)
                if not known:
                    self._remove_rows(student)
                mark.unlink(missing_ok=True)
            raise
        finally:
            self.assignments = listed
        graded = self._attempted and not notes.failure
        name = self.coursedir.assignment_id
        return Outcome(name, student, graded, notes.failure, tuple(notes.lines))

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Tell whether to grade a submission; one that a killed run has left half is graded."""
        mark = self._mark(student_id)
        if mark.exists():
            self._remove_files(student_id)
        self._attempted = super().init_destination(assignment_id, student_id)
        if self._attempted:
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.touch()
        return self._attempted

    def _mark(self, student: str) -> Path:
        """Return the file that stands beside a submission's files until they are complete."""
        graded = Path(self._format_dest(self.coursedir.assignment_id, student))
        return graded.with_name(f".{graded.name}.unfinished")

    def _remove_files(self, student: str) -> None:
        graded = self._format_dest(self.coursedir.assignment_id, student)
        shutil.rmtree(graded, ignore_errors=True)

    def _remove_rows(self, student: str) -> None:
        with (
            contextlib.suppress(MissingEntry, OperationalError),
            Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook,
        ):
            gradebook.remove_submission(self.coursedir.assignment_id, student)


def _patient(db_url: str) -> str:
    """Return a gradebook's address with a longer wait for other processes that write into it."""
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite" and "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(_PATIENCE)})
    return url.render_as_string(hide_password=False)

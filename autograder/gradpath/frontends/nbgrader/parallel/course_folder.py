"""A course's folder, opened as nbgrader's own commands open it: settings, directories, names."""

from __future__ import annotations

import datetime
import logging
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from nbconvert.writers.files import FilesWriter
from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from traitlets import TraitError

from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader.exporter import SealedExporter

SETTINGS: Final = "nbgrader_config.py"


class Notes(logging.Handler):
    """Keeps what nbgrader warns of, to be told when the progress bar has gone."""

    def __init__(self) -> None:
        """Take warnings and what is worse."""
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.lines.append(record.getMessage())


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
    except (Exception, SystemExit) as error:  # whatever the course's own code raises
        reason = notes.lines[-1] if isinstance(error, SystemExit) and notes.lines else ""
        reason = reason or f"{type(error).__name__}: {error}"
        raise GradpathError(
            f"{folder / SETTINGS} cannot be used: {' '.join(reason.split())}"
        ) from None
    return app


@dataclass(frozen=True)
class Task:
    """A submission to grade: whose it is, and its notebooks, which may be missing."""

    student: str
    notebooks: tuple[Path, ...]


class Converter(Autograde):  # type: ignore[misc]
    """nbgrader's converter for one assignment: which submissions there are, and where files go.

    What it writes goes into a folder apart, which `publish` puts where it belongs once it is whole.
    """

    @classmethod
    def open(cls, app: Any, assignment: str, student: str | None, *, force: bool) -> Converter:
        """Make one.

        Args:
            app: nbgrader's application.
            assignment: nbgrader's name of the assignment.
            student: a pattern for students' ids; None for what the course's settings say.
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
        converter.writer = FilesWriter(  # type: ignore[no-untyped-call]
            parent=converter, config=converter.config
        )
        return converter

    def find(self) -> None:
        """List the submissions. One without a notebook is added by the exporter, later."""
        try:
            self.init_notebooks()
        except NbGraderException:
            self.assignments: dict[str, list[str]] = {}

    def tasks(self) -> tuple[list[Task], int]:
        """Return what is to be graded, and how many submissions are graded already."""
        form = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        excluded = self.coursedir.student_id_exclude.split(",")
        tasks, skipped = [], 0
        for folder in sorted(self.assignments):
            match = re.match(form, folder)
            student = match["student_id"] if match else ""
            if not student or student in excluded:
                continue
            if not self._is_wanted(student):
                skipped += 1
                continue
            self.notebooks = sorted(self.assignments[folder])
            self.run_pre_convert_hook()
            tasks.append(Task(student, tuple(map(Path, self.notebooks))))
        return tasks, skipped

    def _is_wanted(self, student: str) -> bool:
        """Apply nbgrader's rule: not graded yet, or handed in again since, or by force."""
        assignment = self.coursedir.assignment_id
        target = self.target(student)
        if self.force or not target.exists():
            return True
        new = self.timestamp(Path(self._format_source(assignment, student)))
        old = self.timestamp(target)
        return new is not None and old is not None and new > old

    def timestamp(self, folder: Path) -> datetime.datetime | None:
        """Return when a submission was handed in, in UTC; None if nobody knows."""
        try:
            found: datetime.datetime | None = self.coursedir.get_existing_timestamp(str(folder))
        except Exception as error:  # nbgrader's own reaction is an AttributeError
            self.log.warning("%s says no time: %s", folder / "timestamp.txt", error)
            return None
        return found

    def source_of(self, student: str) -> Path:
        """Return the folder of what a student handed in."""
        return Path(self._format_source(self.coursedir.assignment_id, student))

    def target(self, student: str) -> Path:
        """Return where a graded submission belongs."""
        return Path(super()._format_dest(self.coursedir.assignment_id, student))

    def staging(self, student: str) -> Path:
        """Return where it is put together: beside it, hidden from nbgrader's patterns."""
        target = self.target(student)
        return target.with_name(f".{target.name}.gradpath")

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        return str(self.staging(student_id))

    def begin(self, student: str) -> None:
        """Copy what belongs to a graded submission besides its notebooks."""
        self.remove_staging(student)
        # The rest of what `Autograde.init_assignment` does is about the gradebook.
        BaseConverter.init_assignment(self, self.coursedir.assignment_id, student)
        staging = self.staging(student)
        for path, name in self._given_files:
            copy = staging / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            shutil.copy(path, copy)

    @cached_property
    def _given_files(self) -> Sequence[tuple[Path, str]]:
        """What the course gave out besides notebooks, where it stands in the place of students'."""
        assignment, coursedir = self.coursedir.assignment_id, self.coursedir
        root = coursedir.format_path(coursedir.source_directory, ".", assignment)
        kept = {os.path.join(root, name) for name in self.exclude_overwriting.get(assignment, [])}
        found = set(find_all_files(root, [*coursedir.ignore, "*.ipynb"])) - kept
        return [(Path(path), os.path.relpath(path, root)) for path in sorted(found)]

    def publish(self, student: str) -> None:
        """Put the whole submission in its place, where there is none."""
        self.staging(student).rename(self.target(student))

    def remove_staging(self, student: str) -> None:
        """Remove what has been put together; a run that was killed may have left something."""
        shutil.rmtree(self.staging(student), ignore_errors=True)

    def remove_target(self, student: str) -> None:
        """Remove a submission that has been graded before."""
        if self.target(student).exists():
            shutil.rmtree(self.target(student))

"""`nbgrader autograde` in parallel: the same files and the same rows, in a fraction of the time.

The engine grades on all cores. What nbgrader does around it is done by nbgrader's own code, with
one open gradebook and without what it repeats in vain, one submission after another.
"""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import rwbase
from sqlalchemy.exc import OperationalError

from gradpath.cohort.run import Run
from gradpath.course.config import FILE, VARIABLE, find_secret
from gradpath.course.settings import slugs
from gradpath.errors import GradpathError, SettingsError
from gradpath.frontends.nbgrader.exporter import SealedExporter, grade_folder
from gradpath.frontends.nbgrader.parallel.course_folder import Converter, Notes, Task, open_course
from gradpath.frontends.nbgrader.parallel.gradebook_rows import (
    OpenGradebook,
    Rows,
    exists,
    not_generated,
)
from gradpath.frontends.nbgrader.parallel.preprocessors import steps
from gradpath.frontends.nbgrader.parallel.prestarted_run import EarlyEngine
from gradpath.frontends.nbgrader.repair import repair
from gradpath.grading.graded import Graded
from gradpath.grading.results import Result

_AHEAD: Final = 16
"""Results for each thread that may wait to be written: they hold what a submission returned."""


@dataclass
class Report:
    """What came out.

    Attributes:
        results: the engine's results, one for each notebook, in no order.
        graded: submissions that have rows and files now.
        skipped: submissions that were graded before and not handed in again.
        late: graded submissions that came after the due date.
        failed: why a submission has no rows, a line for each.
        notes: what nbgrader and the repair of notebooks had to say.
        problems: submissions that the grader failed on, by its own fault.
    """

    results: list[Result] = field(default_factory=list)
    graded: int = 0
    skipped: int = 0
    late: int = 0
    failed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Progress(Protocol):
    """Is told how far it is."""

    def begin(self, total: int) -> None:
        """Hear how many submissions there are."""

    def advance(self) -> None:
        """Hear that one more is done."""


def autograde(
    folder: Path,
    assignments: Sequence[str],
    engine: EarlyEngine,
    report: Report,
    progress: Progress,
    *,
    student: str | None = None,
    force: bool = False,
) -> None:
    """Grade what was handed in for some assignments of a course.

    Args:
        folder: the course's folder.
        assignments: nbgrader's names of the assignments.
        engine: grades.
        report: is filled in as it goes, so that it holds if the run is stopped.
        progress: is told how far it is.
        student: a pattern for students' ids; None for all.
        force: grade again what is graded already.

    Raises:
        GradpathError: something that was asked for is not there, or nothing can be graded here.
    """
    notes = Notes()
    with contextlib.ExitStack() as stack:
        # nbgrader's commands run in the course's folder, and its settings may count on it.
        stack.enter_context(contextlib.chdir(folder))
        stack.callback(lambda: report.notes.extend(sorted(notes.lines)))
        app = open_course(folder, notes)
        stack.callback(app.log.removeHandler, notes)
        converters = [
            Converter.open(app, name, student, force=force) for name in dict.fromkeys(assignments)
        ]
        coursedir = converters[0].coursedir
        if not exists(coursedir.db_url):
            raise GradpathError(not_generated(assignments[0]))
        with _database_errors():
            gradebook = stack.enter_context(OpenGradebook(coursedir.db_url, coursedir.course_id))
            stack.enter_context(contextlib.chdir(coursedir.root))
            gradings = [_Assignment(each, gradebook) for each in converters]
            work = [(each, task) for each in gradings for task in each.plan(report)]
            progress.begin(len(work))
            if not work:
                return
            wanted = {path.stem for _, task in work for path in task.notebooks} & set(slugs())
            run = engine.run(wanted, gradings[0].secret)
            try:
                _grade(run, work, report, progress)
            finally:
                report.problems.extend(run.problems)


def _grade(
    run: Run, work: Sequence[tuple[_Assignment, Task]], report: Report, progress: Progress
) -> None:
    """Grade in threads, and write in this one: a gradebook is no place for a crowd."""
    waiting = iter(work)
    pool = ThreadPoolExecutor(run.jobs)
    pending: dict[Future[dict[str, Graded]], tuple[_Assignment, Task]] = {}

    def start(number: int) -> None:
        for assignment, task in _first(waiting, number):
            future = pool.submit(assignment.grade, run, task)
            pending[future] = (assignment, task)

    try:
        start(run.jobs * _AHEAD)
        for assignment in {id(each): each for each, _ in work}.values():
            assignment.warm_up()
        while pending:
            done, _ = wait(pending, return_when=FIRST_COMPLETED)
            start(len(done))
            for future in done:
                assignment, task = pending.pop(future)
                assignment.finish(task, future.result(), report)
                progress.advance()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        run.close()  # which ends what the threads wait for
        raise
    pool.shutdown()


def _first(waiting: Iterator[Any], number: int) -> Iterator[Any]:
    for _, each in zip(range(number), waiting, strict=False):
        yield each


@contextlib.contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise GradpathError(
            f"the gradebook cannot be used: {error.orig}; if nbgrader was upgraded, make a copy of "
            "it and run `nbgrader db upgrade`"
        ) from None


def _secret(folder: Path) -> str:
    try:
        return find_secret(None, None, folder)
    except SettingsError:
        raise
    except GradpathError:
        raise GradpathError(
            f"hidden checks need a secret: set {VARIABLE}, or write secret = "
            f'"..." into {FILE} in the course\'s folder'
        ) from None


def _as_text(notebook: nbformat.NotebookNode) -> str:
    """Return what `nbformat.writes` returns, in a fraction of the time; the notebook is used up."""
    nbformat.validate(notebook)
    plain = rwbase.strip_transient(rwbase.split_lines(notebook))
    data = msgspec.json.encode(plain, order="sorted")
    return f"{msgspec.json.format(data, indent=1).decode()}\n"


class _ReadyExporter(SealedExporter):
    """Hands on results that are there already, and the rows of the submission at hand."""

    ready: Mapping[str, Graded] = {}
    rows: Rows

    def result_of(self, assignment: str, slug: str, student: str) -> Result:
        graded = self.ready[slug]
        self.observations = graded.observations
        return graded.result


class _Assignment:
    """One assignment of a run: what there is to grade, and how a submission is finished."""

    def __init__(self, converter: Converter, gradebook: OpenGradebook) -> None:
        self._converter = converter
        self._gradebook = gradebook
        self.name: str = converter.coursedir.assignment_id
        self._released = gradebook.released(self.name)
        converter.find()
        self.secret = _secret(Path(converter.coursedir.root))
        # As nbgrader does: it is made when the submissions have been listed, and adds to them.
        self._exporter = _ReadyExporter(parent=converter, config=converter.config)
        self._sanitize = steps(self._exporter, converter.sanitize_preprocessors)
        self._autograde = steps(self._exporter, converter.autograde_preprocessors)

    def plan(self, report: Report) -> list[Task]:
        """Return the submissions to grade.

        Raises:
            GradpathError: there are none at all.
        """
        if not self._converter.assignments:
            coursedir = self._converter.coursedir
            whose = "" if coursedir.student_id == "*" else f" of {coursedir.student_id}"
            where = os.path.relpath(self._converter.source_of(coursedir.student_id))
            raise GradpathError(
                f"no submissions to {self.name}{whose}: there is nothing like {where}; "
                "collect them first"
            )
        tasks, skipped = self._converter.tasks()
        report.skipped += skipped
        return tasks

    def warm_up(self) -> None:
        """Do now what the first submission would wait for: the engine is not ready yet."""
        for name in self._released.notebooks:
            cells = self._exporter.course_cells(self.name, name)
            _as_text(repair(None, cells).notebook)

    def grade(self, run: Run, task: Task) -> dict[str, Graded]:
        """Have the engine grade each notebook of a submission that is gradpath's; in any thread."""
        return {
            path.stem: grade_folder(
                *(run, self._exporter.folder_of(self.name, task.student), path.stem, task.student)
            )
            for path in task.notebooks
            if path.stem in run.assignments and path.stem in self._released.notebooks
        }

    def finish(self, task: Task, ready: Mapping[str, Graded], report: Report) -> None:
        """Write rows and files of a submission, all or none; what fails is reported."""
        try:
            late = self._finish(task, ready)
        except (OperationalError, KeyboardInterrupt):
            raise
        except Exception as error:
            self._converter.log.info("%s", traceback.format_exc())
            reason = " ".join(f"{error}".split()) or type(error).__name__
            report.failed.append(f"{task.student}, {self.name}: {reason}")
            return
        report.graded += 1
        report.late += late
        report.results.extend(graded.result for graded in ready.values())

    def _finish(self, task: Task, ready: Mapping[str, Graded]) -> bool:
        converter, student = self._converter, task.student
        notebooks = [path for path in task.notebooks if path.stem in self._released.notebooks]
        for path in set(task.notebooks) - set(notebooks):
            converter.log.warning("Skipping unknown notebook: %s", path)
        if not notebooks:
            raise GradpathError("none of its notebooks is the assignment's")
        converter.notebooks = [str(path) for path in notebooks]
        source = converter.source_of(student)
        try:
            with self._gradebook.submission(
                self._released,
                student,
                converter.timestamp(source),
                create_student=converter.create_student,
            ) as rows:
                converter.begin(student)
                for name in self._released.notebooks:
                    if not os.path.exists(source / f"{name}.ipynb"):
                        rows.nothing_handed_in(name)
                self._exporter.rows, self._exporter.ready = rows, ready
                for path in notebooks:
                    self._convert(path)
                converter.set_permissions(self.name, student)
                late = rows.find_submission(self.name, student).total_seconds_late > 0
                # If it ends here, there is no graded submission, and the next run makes it.
                converter.remove_target(student)
            converter.publish(student)
        finally:
            converter.remove_staging(student)
        converter.run_post_convert_hook()
        return bool(late)

    def _convert(self, path: Path) -> None:
        """Do what nbgrader's two passes over a notebook do, without a file between them."""
        resources = self._resources(path)
        notebook = self._exporter.read(path, resources)
        for step in self._sanitize:
            notebook, resources = step(notebook, resources)
        resources = self._resources(path)
        staging = self._converter.staging(resources["nbgrader"]["student"])
        resources["metadata"] |= {"name": path.stem, "path": str(staging)}
        for step in self._autograde:
            notebook, resources = step(notebook, resources)
        self._converter.write_single_notebook(_as_text(notebook), resources)

    def _resources(self, path: Path) -> Any:
        resources = ResourcesDict()
        resources.update(self._converter.init_single_notebook_resources(str(path)))
        resources["metadata"] = ResourcesDict()
        resources["output_extension"] = self._exporter.file_extension
        return resources

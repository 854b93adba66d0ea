"""`nbgrader autograde` on all cores: nbgrader's own converter in some processes, and one engine."""

from __future__ import annotations

import contextlib
import os
import queue
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from gradpath.cohort.run import Run
from gradpath.course.config import FILE, VARIABLE, find_secret
from gradpath.course.settings import slugs
from gradpath.errors import GradpathError, SettingsError
from gradpath.frontends.nbgrader.parallel.course_folder import (
    Converter,
    Notes,
    Outcome,
    open_course,
)
from gradpath.frontends.nbgrader.parallel.early_engine import EarlyEngine
from gradpath.frontends.nbgrader.parallel.processes import Process, RemoteExporter, Task
from gradpath.grading.results import Result


@dataclass
class Report:
    """The outcome of a run.

    Attributes:
        results: the engine's results, one for each notebook, in no order.
        graded: submissions that have rows and files now.
        skipped: submissions that were graded before and not handed in again.
        late: graded submissions that came after the due date.
        failed: the reason that a submission has no rows, a line for each.
        notes: remarks of nbgrader and of the repair of notebooks.
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
    """A progress bar."""

    def begin(self, total: int) -> None:
        """Take the number of submissions."""

    def advance(self) -> None:
        """Count one more submission."""


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
    """Grade the submissions to some assignments of a course.

    Args:
        folder: the course's folder.
        assignments: nbgrader's names of the assignments.
        engine: grades.
        report: is filled in as it goes, so that it holds if the run is stopped.
        progress: is told after each submission.
        student: a pattern for students' ids; None for all.
        force: grade again what is graded already.

    Raises:
        GradpathError: an assignment or its submissions are missing, or nothing can be graded here.
    """
    notes = Notes()
    with contextlib.ExitStack() as stack:
        # nbgrader's commands run in the course's folder, and its settings may count on it.
        stack.enter_context(contextlib.chdir(folder))
        app = open_course(folder, notes)
        stack.callback(app.log.removeHandler, notes)
        stack.callback(report.notes.sort)
        converters = [
            Converter.open(app, name, student, force=force) for name in dict.fromkeys(assignments)
        ]
        root = Path(converters[0].coursedir.root)
        earlier = [converter.rows() for converter in converters]
        secret = _secret(root)
        tasks = [
            Task(number, submission, known=converter.student_of(submission) in earlier[number])
            for number, converter in enumerate(converters)
            for submission in _submissions(converter)
        ]
        report.notes.extend(notes.lines)
        stack.enter_context(contextlib.chdir(root))
        wanted = {Path(p).stem for c in converters for ps in c.assignments.values() for p in ps}
        run = engine.run(wanted & set(slugs()), secret)
        for converter in converters:
            converter.enter_students()
        # Before there are threads, of which a fork would copy the locks as they are.
        processes: list[Process] = []
        for _ in range(min(engine.jobs, len(tasks))):
            processes.append(Process(converters, notes, processes))
            stack.callback(processes[-1].stop)
        progress.begin(len(tasks))
        try:
            graded = _convert_all(tasks, processes, run, report, progress)
        finally:
            report.problems.extend(run.problems)
        rows = [converter.rows() for converter in converters]
        report.late = sum(rows[number][student] for number, student in graded)


def _submissions(converter: Converter) -> list[str]:
    """Have nbgrader list the submissions to an assignment; return their folders.

    Raises:
        GradpathError: there are none.
    """
    converter.exporter_class = RemoteExporter
    converter.start()
    if not converter.assignments:
        coursedir = converter.coursedir
        whose = "" if coursedir.student_id == "*" else f" of {coursedir.student_id}"
        where = coursedir.format_path(
            coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id
        )
        raise GradpathError(
            f"no submissions to {coursedir.assignment_id}{whose}: there is nothing like "
            f"{os.path.relpath(where)}; collect them first"
        )
    return converter.submissions()


def _convert_all(
    tasks: Sequence[Task],
    processes: Sequence[Process],
    run: Run,
    report: Report,
    progress: Progress,
) -> list[tuple[int, str]]:
    """Convert the submissions, each in a process that is free.

    Returns:
        Number of the assignment and student of each submission that has been graded.
    """
    free: queue.SimpleQueue[Process] = queue.SimpleQueue()
    for process in processes:
        free.put(process)

    def convert(task: Task) -> tuple[Task, Outcome, list[Result]]:
        process = free.get()
        try:
            return task, *process.convert(task, run)
        finally:
            free.put(process)

    graded: list[tuple[int, str]] = []
    pool = ThreadPoolExecutor(max(1, len(processes)))
    try:
        for future in as_completed([pool.submit(convert, task) for task in tasks]):
            task, outcome, results = future.result()
            report.notes.extend(outcome.notes)
            if outcome.graded:
                report.graded += 1
                report.results.extend(results)
                graded.append((task.assignment, outcome.student))
            elif outcome.failure:
                report.failed.append(f"{outcome.student}, {outcome.assignment}: {outcome.failure}")
            else:
                report.skipped += 1
            progress.advance()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.stop()
        run.close()  # which ends the grading that threads wait for
        raise
    pool.shutdown()
    return graded


def _secret(root: Path) -> str:
    try:
        return find_secret(None, None, root)
    except SettingsError:
        raise
    except GradpathError:
        raise GradpathError(
            f"hidden checks need a secret: set {VARIABLE}, or write secret = "
            f'"..." into {FILE} in the course\'s folder'
        ) from None

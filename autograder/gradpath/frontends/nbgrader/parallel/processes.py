"""Processes that run nbgrader's converter, with one engine for all of them.

nbgrader's own work on a submission takes longer than grading it, and keeps one processor busy. So
each process converts a share of the submissions. The parent has the engine: a process sends it the
submission and gets the result.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, NoReturn

from sqlalchemy.exc import SAWarning

from gradpath.cohort.run import Run
from gradpath.errors import GradpathError
from gradpath.frontends.nbgrader.exporter import SealedExporter, grade_folder
from gradpath.frontends.nbgrader.parallel.course_folder import Converter, Notes, Outcome
from gradpath.grading.graded import Graded
from gradpath.grading.results import Result

_SECONDS_TO_END: Final = 30
"""Time to take a submission back: a slow disk may keep the gradebook busy."""

_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Task:
    """A submission to convert.

    Attributes:
        assignment: the number of its converter.
        folder: the files that were handed in.
        known: the gradebook had rows for it before the run.
    """

    assignment: int
    folder: str
    known: bool


class RemoteExporter(SealedExporter):
    """Has the parent process grade."""

    connection: Connection

    def grade(self, folder: Path, slug: str, student: str) -> Graded:
        """Send the submission to the parent and wait for the result."""
        self.connection.send((folder, slug, student))
        graded: Graded = self.connection.recv()
        return graded


class Process:
    """A process that converts submissions, one at a time."""

    def __init__(
        self, converters: Sequence[Converter], notes: Notes, earlier: Sequence[Process]
    ) -> None:
        """Fork it. There must be no other threads yet.

        Args:
            converters: have listed their submissions.
            notes: takes nbgrader's log.
            earlier: the processes that were forked before.
        """
        self._connection, theirs = _fork.Pipe()
        # A process that held the parent's ends would not see the parent's death.
        foreign = [self._connection, *(process._connection for process in earlier)]
        self._process = _fork.Process(
            target=_serve, args=(theirs, foreign, converters, notes), daemon=True
        )
        self._process.start()
        theirs.close()

    def convert(self, task: Task, run: Run) -> tuple[Outcome, list[Result]]:
        """Have a submission converted, and grade it meanwhile.

        Returns:
            The outcome, and a result for each notebook.

        Raises:
            GradpathError: the process has died, or nothing can be graded on this machine.
        """
        results: list[Result] = []
        try:
            self._connection.send(task)
            while not isinstance(message := self._connection.recv(), Outcome):
                folder, slug, student = message
                graded = grade_folder(run, folder, slug, student)
                results.append(graded.result)
                self._connection.send(graded)
        except (EOFError, OSError):
            raise GradpathError(
                f"a process ended while nbgrader was at {task.folder}; the same command goes on"
            ) from None
        return message, results

    def stop(self) -> None:
        """End it; files and rows of an unfinished submission are taken back."""
        self._process.terminate()
        self._process.join(_SECONDS_TO_END)
        self._process.kill()
        self._process.join()
        self._connection.close()


def _serve(
    connection: Connection,
    foreign: Sequence[Connection],
    converters: Sequence[Converter],
    notes: Notes,
) -> None:
    # Ctrl-C goes to all processes of a terminal; the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)
    # nbgrader's own code gives rise to some, once for each process.
    warnings.simplefilter("ignore", SAWarning)
    for other in foreign:
        other.close()
    for converter in converters:
        converter.exporter.connection = connection
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            task: Task = connection.recv()
            converter = converters[task.assignment]
            connection.send(converter.convert(task.folder, notes, known=task.known))


def _interrupt(*_: object) -> NoReturn:
    """Have nbgrader take back the submission at hand, as on Ctrl-C."""
    raise KeyboardInterrupt

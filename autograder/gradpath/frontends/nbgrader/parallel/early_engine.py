"""The engine of `gradpath nbgrader autograde`, started before the slow import of nbgrader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from gradpath.cohort.run import Run
from gradpath.course.config import find_secret
from gradpath.course.settings import slugs
from gradpath.errors import GradpathError


class EarlyEngine:
    """An engine for the assignments that will probably be graded. Use it as a context manager."""

    def __init__(self, folder: Path, assignments: Sequence[str], jobs: int) -> None:
        """Start it in the background.

        Args:
            folder: the course's folder.
            assignments: nbgrader's names, which are usually gradpath's.
            jobs: number of threads that will grade.
        """
        self.jobs = jobs
        self._secret = ""
        self._run: Run | None = None
        wanted = [name for name in dict.fromkeys(assignments) if name in slugs()]
        try:
            self._secret = find_secret(None, None, folder)
        except GradpathError:
            return  # the course's settings may name another folder, with a secret
        if wanted:
            self._run = Run(wanted, self._secret, jobs=jobs)

    def run(self, wanted: Collection[str], secret: str) -> Run:
        """Return an engine for these assignments: the one that is running, if it will do."""
        run = self._run
        if run is None or secret != self._secret or not set(wanted) <= run.assignments.keys():
            self.close()
            run = self._run = Run(sorted(wanted), secret, jobs=self.jobs)
            self._secret = secret
        return run

    def __enter__(self) -> EarlyEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the engine."""
        if self._run is not None:
            self._run.close()
            self._run = None

"""Grading a cohort: threads, each with workers of its own, one shared set of references."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import msgspec

from gradpath.cohort.artifacts import Kept, kept_of
from gradpath.cohort.closing import Closing
from gradpath.course.load import Assignment, load, slugs
from gradpath.engine.exclusive import Gate
from gradpath.engine.fork_pool import ForkWorkshop, Zygote
from gradpath.engine.isolation import Isolation, level
from gradpath.engine.session import TryAgainAlone
from gradpath.engine.workers import Workshop
from gradpath.errors import GradpathError, SubmissionError, WorkerLostError
from gradpath.grading.graded import Graded, unreadable
from gradpath.grading.grader import Grader
from gradpath.grading.oracle import LiveOracle, plan_of
from gradpath.grading.results import GRADER_FAILED, Result
from gradpath.submissions.submission import Submission
from gradpath.worker.protocol import Cell, Source

_log = logging.getLogger(__name__)

_ATTEMPTS = 5
DEMO_SECRET = "gradpath-demo"
"""Seeds the hidden data when no secret is given; fine for demos, known to everybody."""

Keep = Callable[[Result, Kept], None]
"""Takes a result and the artifacts of the submission."""


def default_jobs() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def occurring(submissions: Sequence[Submission]) -> list[str]:
    """Return the assignments of some submissions, in the order of the course."""
    handed_in = {submission.assignment for submission in submissions}
    return [slug for slug in slugs() if slug in handed_in]


@dataclass(frozen=True)
class _Bench:
    """The tools of one thread: a workshop for students, one for the course's own code."""

    students: ForkWorkshop
    trusted: ForkWorkshop
    oracles: dict[str, LiveOracle]


class Run(Closing):
    """A zygote, the assignments of a run, and the references computed for them so far.

    Use it as a context manager. `graders` are handed out to threads; see `grade_all`.
    """

    def __init__(
        self,
        slugs: Sequence[str],
        secret: str,
        *,
        public_only: bool = False,
        jobs: int = 1,
        isolation: Isolation | None = None,
    ) -> None:
        """Load the assignments and start the zygote.

        Args:
            slugs: the assignments to grade.
            secret: seeds the hidden data.
            public_only: leave the hidden checks out.
            jobs: number of threads that will grade.
            isolation: the layers around submissions; the strongest that there are if None.
        """
        self.assignments: dict[str, Assignment] = {}
        for slug in slugs:
            assignment = load(slug)
            self.assignments[slug] = assignment.only_public() if public_only else assignment
        # matplotlib always: many a file draws its losses, in every assignment.
        libraries = {"matplotlib"}
        # A notebook may import IPython to display something.
        allowed = {"IPython"}
        for assignment in self.assignments.values():
            libraries.update(assignment.settings.libraries)
            allowed.update(assignment.settings.allowed_imports)
        self.jobs = jobs
        self._closed = False
        self._isolation = isolation or level()
        self._gate = Gate()
        self.problems: list[str] = []
        """Submissions that the grader failed on, by its own fault."""
        # Students' source is compiled here; Python's warnings about their style are no news.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.filterwarnings("ignore", "invalid escape sequence")
        layers = self._isolation.layers
        self._zygote = Zygote(libraries, list(self.assignments), layers, allowed)
        idle = ForkWorkshop(self._zygote, 0, trusted=True)
        self._templates = {
            slug: LiveOracle(assignment, plan_of(assignment, secret), idle)
            for slug, assignment in self.assignments.items()
        }
        self._benches: queue.SimpleQueue[_Bench] = queue.SimpleQueue()
        self._all = [self._bench(number) for number in range(jobs)]
        for bench in self._all:
            self._benches.put(bench)

    @property
    def isolation(self) -> Isolation:
        """The level at which submissions are kept apart from the grader; results record it."""
        return self._isolation

    def _bench(self, number: int) -> _Bench:
        trusted = ForkWorkshop(self._zygote, number, trusted=True)
        oracles = {slug: oracle.for_thread(trusted) for slug, oracle in self._templates.items()}
        return _Bench(ForkWorkshop(self._zygote, number), trusted, oracles)

    def oracle(self, slug: str) -> LiveOracle:
        """Return an oracle of an assignment for use in the calling thread only."""
        return self._all[0].oracles[slug]

    @contextlib.contextmanager
    def workshops(self) -> Iterator[tuple[Workshop, Workshop]]:
        """Lend a workshop for submissions and one for the course's own code, to one thread."""
        bench = self._benches.get()
        try:
            yield bench.students, bench.trusted
        finally:
            self._benches.put(bench)

    def grader(self, slug: str, function: str) -> Grader:
        """Return a grader of one function for use in the calling thread only."""
        assignment = self.assignments[slug].only({function})
        return Grader(assignment, self.oracle(slug), self._all[0].students)

    def grade(self, submission: Submission) -> Graded:
        """Grade one submission; a file that cannot be read gets a result that says why.

        A mistake of the grader's own costs nobody the run: it is logged, with its traceback, and
        kept in `problems`, and the student gets a result that promises a second look.

        A submission that stood still until its time was up is graded once more while nothing else
        is, and that counts.

        Raises:
            GradpathError: no submission can be graded, such as when no process can be started.
        """
        try:
            return self._attempt(submission, alone=False)
        except TryAgainAlone:
            return self._attempt(submission, alone=True)

    def grade_all(
        self,
        submissions: Sequence[Submission],
        progress: Callable[[Result], None],
        keep: Keep | None = None,
    ) -> list[Result]:
        """Grade on all threads; the results have the order of the submissions.

        Submissions that have to be graded once more, alone, come last: see `grade`.

        Args:
            submissions: the submissions to grade.
            progress: called with each result as it comes, in the calling thread's order of events.
            keep: called before that with the result and the artifacts of the submission.
        """
        lock = threading.Lock()

        def first(submission: Submission) -> Result | None:
            try:
                return reported(self._attempt(submission, alone=False))
            except TryAgainAlone:
                return None

        def reported(graded: Graded) -> Result:
            kept = kept_of(graded) if keep is not None else None
            with lock:
                if keep is not None and kept is not None:
                    keep(graded.result, kept)
                progress(graded.result)
            return graded.result

        with ThreadPoolExecutor(self.jobs) as pool:
            futures = [pool.submit(first, submission) for submission in submissions]
            try:
                results = [future.result() for future in futures]
                return [
                    result or reported(self._attempt(submission, alone=True))
                    for submission, result in zip(submissions, results, strict=True)
                ]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise

    def _attempt(self, submission: Submission, *, alone: bool) -> Graded:
        """Grade beside other submissions or alone; a failure leads to a result, too.

        Raises:
            TryAgainAlone: not `alone`, and the submission stood still until its time was up.
            GradpathError: no submission can be graded.
        """
        if alone:
            _log.info("%r of %r is graded again, alone", submission.file, submission.student)
        try:
            with self._gate.alone() if alone else self._gate.together():
                graded = self._repeated(submission, submission.source(), final=alone)
        except SubmissionError as error:
            graded = self._unreadable(submission, error.message)
        except (GradpathError, TryAgainAlone):
            raise
        except Exception as error:
            if self._closed:
                raise  # the run was stopped, and its processes with it
            where = f"{submission.file} of {submission.student}"
            self.problems.append(f"{where}: {type(error).__name__}: {error}")
            _log.exception("the grader failed on %r; please grade it by hand", where)
            graded = self._unreadable(submission, GRADER_FAILED)
        result = msgspec.structs.replace(graded.result, isolation=self.isolation.level)
        return replace(graded, result=result)

    def _repeated(self, submission: Submission, source: Source, *, final: bool) -> Graded:
        """Grade; again where a process died of a signal that may have come from outside.

        A submission that kills itself does so again: a result that comes twice is its own.
        """
        bench = self._benches.get()
        try:
            slug = submission.assignment
            assignment = self.assignments[slug]
            if submission.functions:
                assignment = assignment.only(submission.functions)
            grader = Grader(assignment, bench.oracles[slug], bench.students)
            lost: list[Graded] = []
            for _ in range(_ATTEMPTS):
                with contextlib.suppress(WorkerLostError):
                    graded = grader.grade(
                        source, submission.student, submission.file, submission.note, final=final
                    )
                    if not graded.lost or graded.result in (before.result for before in lost):
                        return graded
                    lost.append(graded)
        finally:
            self._benches.put(bench)
        if lost:
            return lost[-1]
        # This submission gets no result; the run goes on.
        raise WorkerLostError(
            "processes with the solution keep being killed; is there memory left?"
        )

    def _unreadable(self, submission: Submission, message: str) -> Graded:
        """Give no points; the text of a script is kept, so that pages can show it."""
        source = None
        # Anything that zipfile, zlib and file systems raise: the message names the reason.
        with contextlib.suppress(Exception):
            text = submission.text()
            if not submission.is_notebook:
                source = Source(submission.assignment, (Cell(submission.cell_name, text),))
        assignment = self.assignments[submission.assignment]
        return unreadable(assignment, submission.student, submission.file, message, source)

    def close(self) -> None:
        """End every process of the run."""
        self._closed = True
        for bench in self._all:
            for oracle in bench.oracles.values():
                oracle.close()
            bench.students.close()
            bench.trusted.close()
        self._zygote.close()

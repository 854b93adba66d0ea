"""Grading a cohort: threads, each with workers of its own, one shared set of references."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType

import msgspec

from gradpath.cohort.artifacts import Kept, pack_runs, pack_source
from gradpath.course.load import Assignment, load
from gradpath.engine.clock import knows_cpu_seconds
from gradpath.engine.exclusive import Gate
from gradpath.engine.fork_pool import ForkWorkshop, Zygote
from gradpath.engine.isolation import Isolation, level
from gradpath.engine.session import TryAgainAlone
from gradpath.errors import GradpathError, SubmissionError, WorkerLostError
from gradpath.grading.grader import Grader, unreadable
from gradpath.grading.oracle import LiveOracle, plan_of
from gradpath.grading.results import GRADER_FAILED, Result
from gradpath.submissions.submission import Submission
from gradpath.worker.protocol import Cell, Source

_log = logging.getLogger(__name__)

_ATTEMPTS = 5
DEMO_SECRET = "gradpath-demo"
"""Seeds the hidden data when no secret is given; fine for demos, known to everybody."""


def default_jobs() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_Look = Callable[[Grader, Result], None]
"""Is shown a grader that still has what it observed, and the result."""

Keep = Callable[[Result, Kept], None]
"""Takes a result, and what pages about it are made from."""


class _Keeper:
    """Looks at a submission that has been graded, for what is kept of it."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._kept: Kept | None = None

    def __call__(self, grader: Grader, result: Result) -> None:
        public = [check.id for check in result.checks if check.visibility == "public"]
        self._kept = Kept(
            pack_source(grader.source.cells if grader.source is not None else ()),
            pack_runs(grader.observations, public),
            round(grader.spent.wall, 3),
            round(grader.spent.times.cpu, 3) if knows_cpu_seconds() else None,
        )

    def kept(self) -> Kept:
        """Return what is kept: of a file that nobody could grade its text, if it has one."""
        if self._kept is not None:
            return self._kept
        try:
            text = self._submission.text()
        except (
            Exception
        ):  # what zipfile, zlib and file systems raise; the result says what is wrong
            return Kept()
        if self._submission.is_notebook:
            return Kept()
        return Kept(pack_source([Cell(self._submission.cell_name, text)]))


@dataclass(frozen=True)
class _Bench:
    """What one thread works with: a workshop for students, one for the course's own code."""

    students: ForkWorkshop
    trusted: ForkWorkshop
    oracles: dict[str, LiveOracle]


class Run:
    """A zygote, the assignments of a run, and what has been computed for them so far.

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
            isolation: what submissions are put behind; the strongest that there is if None.
        """
        self.assignments: dict[str, Assignment] = {}
        for slug in slugs:
            assignment = load(slug)
            self.assignments[slug] = assignment.only_public() if public_only else assignment
        # matplotlib always: many a file draws its losses, whatever the assignment.
        libraries = {"matplotlib"}
        for assignment in self.assignments.values():
            libraries.update(assignment.settings.libraries)
        self.jobs = jobs
        self._closed = False
        self._isolation = isolation or level()
        self._gate = Gate()
        self.problems: list[str] = []
        """Submissions that the grader failed on, by its own fault."""
        # Students' source is compiled here; what Python thinks of their style is no news.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.filterwarnings("ignore", "invalid escape sequence")
        self._zygote = Zygote(libraries, list(self.assignments), self._isolation.layers)
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

    def with_grader(self, slug: str, work: Callable[[Grader], Result]) -> Result:
        """Run `work` with a grader that no other thread uses meanwhile."""
        bench = self._benches.get()
        try:
            return work(Grader(self.assignments[slug], bench.oracles[slug], bench.students))
        finally:
            self._benches.put(bench)

    def oracle(self, slug: str) -> LiveOracle:
        """Return an oracle of an assignment for use in the calling thread only."""
        return self._all[0].oracles[slug]

    def grade(self, submission: Submission, look: _Look | None = None) -> Result:
        """Grade one submission; a file that cannot be read gets a result that says why.

        A mistake of the grader's own costs nobody the run: it is logged, with its traceback, and
        kept in `problems`, and the student gets a result that promises a second look.

        A submission that stood still until its time was up is graded once more while nothing else
        is, and that counts.

        Args:
            submission: what to grade.
            look: called with the result and the grader, which still has what it observed.

        Raises:
            GradpathError: no submission can be graded, such as when no process can be started.
        """
        try:
            return self._first_try(submission, look)
        except TryAgainAlone:
            return self._alone(submission, look)

    def _first_try(self, submission: Submission, look: _Look | None) -> Result:
        with self._gate.together():
            return self._attempt(submission, look, final=False)

    def _alone(self, submission: Submission, look: _Look | None) -> Result:
        with self._gate.alone():
            _log.info("%r of %r is graded again, alone", submission.file, submission.student)
            return self._attempt(submission, look, final=True)

    def _attempt(self, submission: Submission, look: _Look | None, *, final: bool) -> Result:
        assignment = self.assignments[submission.assignment]
        try:
            return self._marked(self._grade(submission, look, final))
        except SubmissionError as error:
            message = str(error)
        except (GradpathError, TryAgainAlone):
            raise
        except Exception as error:
            if self._closed:
                raise  # somebody has stopped the run, and this is what comes of it
            where = f"{submission.file} of {submission.student}"
            self.problems.append(f"{where}: {type(error).__name__}: {error}")
            _log.exception("the grader failed on %r; please grade it by hand", where)
            message = GRADER_FAILED
        return self._marked(unreadable(assignment, submission.student, submission.file, message))

    def _marked(self, result: Result) -> Result:
        return msgspec.structs.replace(result, isolation=self.isolation.level)

    def _grade(self, submission: Submission, look: _Look | None, final: bool) -> Result:
        source = submission.source()

        def work(grader: Grader) -> Result:
            result = self._repeated(grader, source, submission, final)
            if look is not None:
                look(grader, result)
            return result

        return self.with_grader(submission.assignment, work)

    def _repeated(
        self, grader: Grader, source: Source, submission: Submission, final: bool
    ) -> Result:
        """Grade; again where a process died of a signal that may have come from outside.

        What a submission does to itself, it does again: a result that comes twice is its own.
        """
        words = (source, submission.student, submission.file, submission.note)
        seen: list[Result] = []
        for _ in range(_ATTEMPTS):
            with contextlib.suppress(WorkerLostError):
                result = grader.grade(*words, final=final)
                if not grader.lost or result in seen:
                    return result
                seen.append(result)
        if seen:
            return seen[-1]
        # Whoever does that, it costs this submission its result, and nobody the run.
        raise WorkerLostError(
            "processes with the solution keep being killed; is there memory left?"
        )

    def grade_all(
        self,
        submissions: Sequence[Submission],
        progress: Callable[[Result], None],
        keep: Keep | None = None,
    ) -> list[Result]:
        """Grade on all threads; the results have the order of the submissions.

        What has to be graded once more, alone, comes last: see `grade`.

        Args:
            submissions: what to grade.
            progress: called with each result as it comes, in the calling thread's order of events.
            keep: called before that with the result, and what pages about it are made from.
        """
        lock = threading.Lock()

        def tell(result: Result, kept: Kept | None) -> None:
            if keep is not None and kept is not None:
                keep(result, kept)
            progress(result)

        def one(submission: Submission) -> Result | None:
            keeper = _Keeper(submission) if keep is not None else None
            try:
                result = self._first_try(submission, keeper)
            except TryAgainAlone:
                return None
            kept = keeper.kept() if keeper is not None else None
            with lock:
                tell(result, kept)
            return result

        def alone(submission: Submission) -> Result:
            keeper = _Keeper(submission) if keep is not None else None
            result = self._alone(submission, keeper)
            tell(result, keeper.kept() if keeper is not None else None)
            return result

        with ThreadPoolExecutor(self.jobs) as pool:
            futures: list[Future[Result | None]] = [pool.submit(one, each) for each in submissions]
            try:
                first = [future.result() for future in futures]
                return [
                    result or alone(submission)
                    for submission, result in zip(submissions, first, strict=True)
                ]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End every process of the run."""
        self._closed = True
        for bench in self._all:
            for oracle in bench.oracles.values():
                oracle.close()
            bench.students.close()
            bench.trusted.close()
        self._zygote.close()

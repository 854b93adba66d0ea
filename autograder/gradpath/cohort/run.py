"""Grading a cohort: threads, and then processes, each with workers of its own.

Threads grade the first submissions and compute references and known mistakes on the way. Processes
that are forked then have these, and grade the rest: see `judges`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import socket
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from gradpath.cohort.artifacts import Kept, kept_of
from gradpath.cohort.closing import Closing
from gradpath.cohort.judges import Judge, Judged, Judges
from gradpath.course.load import Assignment, load, slugs
from gradpath.engine.exclusive import Gate
from gradpath.engine.fork_pool import ForkWorkshop, Lanes, LentLanes, Zygote
from gradpath.engine.isolation import Isolation, level
from gradpath.engine.session import TryAgainAlone
from gradpath.engine.workers import Workshop
from gradpath.errors import GradpathError, SubmissionError, WorkerLostError
from gradpath.grading.graded import Graded, unreadable
from gradpath.grading.grader import Grader
from gradpath.grading.oracle import LiveOracle, plan_of
from gradpath.grading.results import GRADER_FAILED, Result
from gradpath.submissions.submission import Submission
from gradpath.text.messages import tree_of
from gradpath.worker.protocol import Cell, Source

_log = logging.getLogger(__name__)

_ATTEMPTS = 5
DEMO_SECRET = "gradpath-demo"
"""Seeds the hidden data when no secret is given; fine for demos, known to everybody."""

_FIRST: Final = 16
"""Submissions that are graded before judges are forked; a smaller cohort needs none."""

Keep = Callable[[Sequence[tuple[Result, Kept]]], None]
"""Takes results with the artifacts of their submissions, as many as have come together."""


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

    def release(self) -> None:
        """End its workers and lanes; the next submission has others."""
        for oracle in self.oracles.values():
            oracle.close()
        self.students.release()
        self.trusted.release()

    def close(self) -> None:
        """End its workers and lanes for good."""
        for oracle in self.oracles.values():
            oracle.close()
        self.students.close()
        self.trusted.close()


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
            jobs: number of submissions that will be graded at a time.
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
        idle = ForkWorkshop(self._zygote, trusted=True)
        self._templates = {
            slug: LiveOracle(assignment, plan_of(assignment, secret), idle)
            for slug, assignment in self.assignments.items()
        }
        self._benches: queue.SimpleQueue[_Bench] = queue.SimpleQueue()
        self._all = [self._bench(self._zygote) for _ in range(jobs)]
        for bench in self._all:
            self._benches.put(bench)

    @property
    def isolation(self) -> Isolation:
        """The level at which submissions are kept apart from the grader; results record it."""
        return self._isolation

    def _bench(self, lanes: Lanes) -> _Bench:
        trusted = ForkWorkshop(lanes, trusted=True)
        oracles = {slug: oracle.for_thread(trusted) for slug, oracle in self._templates.items()}
        return _Bench(ForkWorkshop(lanes), trusted, oracles)

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
        """Grade in as many threads or processes as there are jobs, in the order of the results.

        Submissions that have to be graded once more, alone, come last: see `grade`.

        Args:
            submissions: the submissions to grade.
            progress: called with each result as it comes, by one thread at a time.
            keep: called before that with the results and the artifacts of the submissions.
        """
        results: list[Result | None] = [None] * len(submissions)

        def take(judged: Sequence[Judged]) -> None:
            graded = [(one.position, one.result, one.kept) for one in judged if one.result]
            if keep is not None:
                keep([(result, kept) for _, result, kept in graded])
            for position, result, _ in graded:
                results[position] = result
                progress(result)

        def judge(position: int, *, alone: bool = False) -> Judged:
            try:
                graded = self._attempt(submissions[position], alone=alone)
            except TryAgainAlone:
                return Judged(position)
            return Judged(position, graded.result, kept_of(graded) if keep is not None else Kept())

        try:
            left = self._in_threads(judge, take, len(submissions))
            if left:
                self._in_judges(judge, take, submissions, left)
            for position, result in enumerate(results):
                if result is None:
                    take([judge(position, alone=True)])
        except BaseException:
            self.close()
            raise
        return [result for result in results if result is not None]

    def _in_threads(
        self, judge: Judge, take: Callable[[Sequence[Judged]], None], count: int
    ) -> list[int]:
        """Grade the first submissions, and more until these are there; return the others."""
        lock = threading.Lock()

        def work(position: int) -> None:
            judged = judge(position)
            with lock:
                take([judged])

        with ThreadPoolExecutor(self.jobs) as pool:
            futures = [pool.submit(work, position) for position in range(count)]
            try:
                for future in futures[:_FIRST]:
                    future.result()
                # One job would gain nothing by a process of its own.
                left = [n for n, future in enumerate(futures) if self.jobs > 1 and future.cancel()]
                for future in futures:
                    if not future.cancelled():
                        future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()  # threads in hand end with their workers
                raise
        return left

    def _in_judges(
        self,
        judge: Judge,
        take: Callable[[Sequence[Judged]], None],
        submissions: Sequence[Submission],
        positions: Sequence[int],
    ) -> None:
        """Grade submissions in processes, which know all that has been computed so far."""
        for bench in self._all:
            bench.release()  # idle from now on, they would only take memory

        def begin(asking: socket.socket) -> Judge:
            bench = self._bench(LentLanes(asking, self._isolation.layers))
            self._benches = queue.SimpleQueue()
            self._benches.put(bench)
            return judge_safely

        def judge_safely(position: int) -> Judged:
            self.problems = []
            try:
                judged = judge(position)
            except GradpathError as error:
                return Judged(position, failed=tree_of(error.message))
            return msgspec.structs.replace(judged, problems=self.problems)

        def named(lost: Judged) -> Judged:
            why = "each process that graded it was killed; is there memory left?"
            graded = self._at_level(self._failed(submissions[lost.position], why))
            return Judged(lost.position, graded.result, kept_of(graded))

        with Judges(min(self.jobs, len(positions)), begin, self._zygote.lend) as judges:
            for answers in judges.grade(positions):
                for judged in answers:
                    self.problems += judged.problems
                take([named(judged) if judged.lost else judged for judged in answers])

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
            graded = self._failed(submission, f"{type(error).__name__}: {error}")
        return self._at_level(graded)

    def _at_level(self, graded: Graded) -> Graded:
        result = msgspec.structs.replace(graded.result, isolation=self.isolation.level)
        return replace(graded, result=result)

    def _failed(self, submission: Submission, why: str) -> Graded:
        """Give no points where the grader itself has failed, and note that for a person."""
        where = f"{submission.file} of {submission.student}"
        self.problems.append(f"{where}: {why}")
        _log.error("the grader failed on %r; please grade it by hand", where, exc_info=True)
        return self._unreadable(submission, GRADER_FAILED)

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
            bench.close()
        self._zygote.close()

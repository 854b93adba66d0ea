"""A run over many submissions: begin it, go on with it, and write its results."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from gradpath import __version__
from gradpath.cohort.checkpoint import Cohort
from gradpath.cohort.docker import ContainerRun
from gradpath.cohort.files import grades_csv, results_jsonl
from gradpath.cohort.fingerprint import fingerprint
from gradpath.cohort.keys import Keys
from gradpath.cohort.late import LatePolicy, late_policy
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.regrade import FILE, Change, compare, published, regrade_csv
from gradpath.cohort.request import GradeRequest
from gradpath.cohort.run import Run, default_jobs, occurring
from gradpath.cohort.store import NAME, RecordedRun, Store
from gradpath.course.files import write_files
from gradpath.course.load import slugs
from gradpath.engine.isolation import Isolation, level, must_hold
from gradpath.errors import GradpathError, InterruptedRunError
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission
from gradpath.text.languages import Language
from gradpath.text.messages import Message, joined

MAX_NOTES: Final = 20
"""Files left out of which each gets a note of its own."""


@dataclass(frozen=True)
class Callbacks:
    """The moments of a run that a caller may tell the user about.

    Attributes:
        note: takes a warning, before anything is graded.
        taken_over: takes the number of results that are stored already, if there are any.
        grading: takes the number of submissions to grade, and is entered while they are graded; the
            function that it yields is called after each.
    """

    note: Callable[[str], None] = lambda _: None
    taken_over: Callable[[int], None] = lambda _: None
    grading: Callable[[int], AbstractContextManager[Callable[[], None]]] = lambda _: nullcontext(
        lambda: None
    )


@dataclass(frozen=True)
class Outcome:
    """A run that has ended well.

    Attributes:
        results: after the late policy, in the order of the submissions.
        assignments: the slugs that occur.
        changes: with `--regrade`, the results that would change; None without.
        unchanged: with `--regrade`, the number of the others.
        problems: submissions that the grader failed on, by its own fault.
        isolation: the level at which submissions were kept apart; None after a merge.
        files: the files that were written.
        graded: number of submissions that were graded and not taken over.
        seconds: how long that took.
    """

    results: Sequence[Result]
    assignments: Sequence[str]
    changes: Sequence[Change] | None
    unchanged: int
    problems: Sequence[str]
    isolation: Isolation | None
    files: Sequence[Path]
    graded: int
    seconds: float


@dataclass(frozen=True)
class FinishedBefore:
    """The run to continue has nothing left to do since this time."""

    at: str


def grade(request: GradeRequest, tell: Callbacks) -> Outcome:
    """Begin a run; take over the results that are stored of it.

    Args:
        request: the run to begin.
        tell: called on the way.

    Raises:
        GradpathError: something that the user can put right.
    """
    run = CohortRun(request, tell)
    if request.regrade:
        published(request.out)  # refused now, not after an hour of grading
    with OutFolder(request.out) as folder, Store(request.out) as store:
        return run.work(folder, store, None)


def resume(
    request: GradeRequest, typed: Collection[str], tell: Callbacks
) -> Outcome | FinishedBefore:
    """Continue the run in a folder.

    Args:
        request: names the folder; its fields that were typed must be those of the run.
        typed: the names of these fields.
        tell: called on the way.

    Raises:
        GradpathError: something that the user can put right.
    """
    out = request.out
    nothing = Message(
        "there is no run in {out} to continue; start one with `gradpath grade PATH --out {path}`",
        out=out,
        path=shlex.quote(str(out)),
    )
    if not (out / NAME).exists():
        raise GradpathError(nothing)
    with OutFolder(out) as folder, Store(out) as store:
        recorded = store.last_run()
        if recorded is None:
            raise GradpathError(nothing)
        request = request.continuing(recorded.request, typed)
        if recorded.finished is not None:
            return FinishedBefore(recorded.finished)
        return CohortRun(request, tell).work(folder, store, recorded)


class CohortRun:
    """The submissions of a request, on their way to results and files."""

    def __init__(self, request: GradeRequest, tell: Callbacks) -> None:
        """Find the secret and the submissions; note the files that are left out."""
        self.request = request
        self._tell = tell
        self.seed = request.seed()
        found, ignored = find(request.paths, slugs(), request.only)
        shard = request.shard
        self.submissions = [each for each in found if shard is None or shard.has(each)]
        for line in ignored[:MAX_NOTES]:
            tell.note(line)
        if len(ignored) > MAX_NOTES:
            left = len(ignored) - MAX_NOTES
            tell.note(joined(" ", ["...", Message("and {count} more files left out", count=left)]))
        # A shard does not know the students of the others: `merge` takes off points, and tells.
        self._late = late_policy(request.folder) if shard is None else LatePolicy()
        for line in self._late.notes(self.submissions):
            tell.note(line)
        if not found:
            wanted = ", ".join(f"{slug}.py" for slug in (request.only or slugs()))
            raise GradpathError(
                Message(
                    "no submissions found; they are named {wanted} (or .ipynb), in a folder for "
                    "each student",
                    wanted=wanted,
                )
            )
        self.slugs = occurring(self.submissions)
        self._container = None
        if request.image is not None:
            jobs = self._jobs(len(self.submissions))
            inside = msgspec.structs.replace(request, secret=self.seed, jobs=jobs)
            self._container = ContainerRun(inside, self.slugs)

    def _jobs(self, submissions: int) -> int:
        return min(self.request.jobs or default_jobs(), max(submissions, 1))

    def work(self, folder: OutFolder, store: Store, recorded: RecordedRun | None) -> Outcome:
        """Grade the submissions that have no result, and write the files.

        Args:
            folder: the output folder.
            store: the results in it.
            recorded: the run to continue; None to begin one.
        """
        began = time.monotonic()
        request = self.request
        with ExitStack() as stack:
            if self._container is not None:
                stack.enter_context(self._container)
                grader = self._container.start(self.submissions)
                isolation = self._container.isolation
            else:
                grader, isolation = fingerprint(), level(request.without)
            must_hold(
                isolation,
                request.required,
                hidden=not request.public_only,
                allow_weak=request.allow_weak,
            )
            keys = Keys(self.seed, store.salt, grader, public_only=request.public_only)
            cohort = Cohort(store, self.submissions, keys, isolation.level)
            if recorded is None:
                cohort.begin(request)
            else:
                self._must_continue(cohort, recorded)
            taken = cohort.take_over()
            left = cohort.left()
            jobs = self._jobs(len(left))
            folder.log(
                "start",
                f"gradpath {__version__}, process {os.getpid()}, isolation level "
                f"{isolation.level}, jobs {jobs}, submissions {len(self.submissions)}, "
                f"taken over {taken}{_modes(request, resumed=recorded is not None)}",
            )
            if taken:
                self._tell.taken_over(taken)
            problems: list[str] = []
            with self._can_be_continued(folder, cohort):
                if left:
                    run = self._container or stack.enter_context(self._run(jobs, isolation))
                    self._grade(run, cohort, left, folder)
                    isolation, problems = run.isolation, run.problems
                results, changes, unchanged, files = self.write(cohort)
                store.finish()
        seconds = time.monotonic() - began
        folder.log("end", f"graded {len(left)}, seconds {seconds:.0f}")
        return Outcome(
            results, self.slugs, changes, unchanged, problems, isolation, files, len(left), seconds
        )

    def _must_continue(self, cohort: Cohort, recorded: RecordedRun) -> None:
        """Make sure that this secret is the run's; note the changes since it began.

        Raises:
            GradpathError: it is another secret.
        """
        if not cohort.same_secret(recorded):
            raise GradpathError(
                Message(
                    "this is not the secret that the run in {out} was started with; "
                    "give that one, or leave out --resume to start another run",
                    out=self.request.out,
                )
            )
        if changed := cohort.changed_since(recorded):
            self._tell.note(changed)

    def _run(self, jobs: int, isolation: Isolation) -> Run:
        public_only = self.request.public_only
        return Run(self.slugs, self.seed, public_only=public_only, jobs=jobs, isolation=isolation)

    def _grade(
        self, run: Run | ContainerRun, cohort: Cohort, left: Sequence[Submission], folder: OutFolder
    ) -> None:
        noted = 0

        def note_problems() -> None:
            nonlocal noted
            for problem in run.problems[noted:]:
                folder.log("problem", f"the grader failed, please grade by hand: {problem}")
            noted = len(run.problems)

        with self._tell.grading(len(left)) as tick:

            def progress(_: Result) -> None:
                note_problems()
                tick()

            run.grade_all(left, progress, cohort.keep_all)
        note_problems()  # a container tells at its end

    def write(
        self, cohort: Cohort
    ) -> tuple[Sequence[Result], Sequence[Change] | None, int, Sequence[Path]]:
        """Write the files of the run, after taking off points for lateness.

        The store has the results without that.

        Returns:
            The results, the changes, the number unchanged, and the files.
        """
        pairs = zip(cohort.results(), self.submissions, strict=True)
        results = [self._late.apply(result, submission) for result, submission in pairs]
        out, only = self.request.out, self.request.only
        changes, unchanged = None, 0
        if self.request.regrade:
            changes, unchanged = compare(published(out, only), results)
            files = {FILE: regrade_csv(changes)}
        else:
            files = {
                "results.jsonl": results_jsonl(results, Language(self.request.language)),
                "grades.csv": grades_csv(results, only or slugs()),
            }
            cohort.publish(results)
        write_files(out, files)
        return results, changes, unchanged, [out / name for name in files]

    @contextmanager
    def _can_be_continued(self, folder: OutFolder, cohort: Cohort) -> Iterator[None]:
        """Say in the log and in the message how to go on after an error or an interruption."""
        how = Message("continue with `{command}`", command=self.request.how_to_continue)
        try:
            yield
        except GradpathError as error:
            folder.log("stopped", str(error))
            raise GradpathError(
                Message("{reason}; what was graded is stored: {how}", reason=error.message, how=how)
            ) from None
        except KeyboardInterrupt:
            folder.log("stopped", "interrupted")
            raise InterruptedRunError(
                Message(
                    "interrupted; {stored} of {count} results are stored, {how}",
                    stored=cohort.stored,
                    count=len(self.submissions),
                    how=how,
                )
            ) from None


def _modes(request: GradeRequest, *, resumed: bool) -> str:
    modes = {
        "resumed": resumed,
        "fresh": request.fresh,
        "regrade": request.regrade,
        "public checks only": request.public_only,
        "in a container": request.image is not None,
    }
    return "".join(f", {name}" for name, is_so in modes.items() if is_so)

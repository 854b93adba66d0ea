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
from gradpath.cohort.checkpoint import Cohort, Grading
from gradpath.cohort.docker import ContainerRun, default_tag
from gradpath.cohort.files import grades_csv, results_jsonl, write_files
from gradpath.cohort.fingerprint import fingerprint
from gradpath.cohort.late import LatePolicy, late_policy
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.regrade import FILE, Change, compare, published, regrade_csv
from gradpath.cohort.run import Run, default_jobs
from gradpath.cohort.store import NAME, Asked, RecordedRun, Store
from gradpath.course.config import find_secret
from gradpath.course.load import slugs
from gradpath.engine.isolation import Isolation, level, may_see_hidden, require
from gradpath.errors import GradpathError, InterruptedRunError
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission

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
        isolation: the level at which submissions were kept apart.
        files: the files that were written.
        graded: number of submissions that were graded and not taken over.
        seconds: how long that took.
    """

    results: Sequence[Result]
    assignments: Sequence[str]
    changes: Sequence[Change] | None
    unchanged: int
    problems: Sequence[str]
    isolation: Isolation
    files: Sequence[Path]
    graded: int
    seconds: float


@dataclass(frozen=True)
class FinishedBefore:
    """The run to continue has nothing left to do since this time."""

    at: str


@dataclass(frozen=True)
class _Task:
    """What is to be graded, and how."""

    out: Path
    asked: Asked
    secret: str
    typed_secret: bool
    submissions: Sequence[Submission]
    container: ContainerRun | None
    late: LatePolicy

    def after_the_policy(self, results: Sequence[Result]) -> list[Result]:
        """Take off what being late costs; what is stored is what the work itself has reached."""
        pairs = zip(results, self.submissions, strict=True)
        return [self.late.apply(result, submission) for result, submission in pairs]

    @property
    def slugs(self) -> list[str]:
        """The assignments that occur."""
        return _occurring(self.submissions)

    @property
    def how_to_continue(self) -> str:
        """The command that continues this run."""
        words = f"gradpath grade --resume --out {shlex.quote(str(self.out))}"
        return f"{words} --secret TEXT" if self.typed_secret else words


def grade(
    out: Path,
    paths: Sequence[Path],
    asked: Asked,
    secret: str | None,
    tell: Callbacks,
    *,
    fresh: bool,
) -> Outcome:
    """Begin a run; take over what is stored of it.

    Args:
        out: the output folder.
        paths: the submissions, as they were typed.
        asked: the request, as it is recorded.
        secret: value of `--secret`.
        tell: called on the way.
        fresh: take nothing over.

    Raises:
        GradpathError: something that the user can put right.
    """
    task = _task(out, paths, asked, secret, tell)
    if asked.regrade:
        published(out)  # asked for now, not after an hour of grading
    with OutFolder(out) as folder, Store(out) as store:
        return _work(task, folder, store, None, tell, fresh=fresh)


def resume(
    out: Path, asked: Asked, typed: Collection[str], secret: str | None, tell: Callbacks
) -> Outcome | FinishedBefore:
    """Continue the run in a folder.

    Args:
        out: the output folder.
        asked: what is asked for now.
        typed: the parameters that were typed; they must be those of the run.
        secret: value of `--secret`.
        tell: called on the way.

    Raises:
        GradpathError: something that the user can put right.
    """
    start = f"start one with `gradpath grade PATH --out {shlex.quote(str(out))}`"
    if not (out / NAME).exists():
        raise GradpathError(f"there is no run in {out} to continue; {start}")
    with OutFolder(out) as folder, Store(out) as store:
        recorded = store.last_run()
        if recorded is None:
            raise GradpathError(f"there is no run in {out} to continue; {start}")
        _must_agree(asked, recorded.asked, typed)
        if recorded.finished is not None:
            return FinishedBefore(recorded.finished)
        before = recorded.asked
        if "secret" not in typed and asked.secret_file is None:
            asked = msgspec.structs.replace(asked, secret_file=before.secret_file)
        asked = msgspec.structs.replace(
            before,
            secret_file=asked.secret_file,
            jobs=asked.jobs or before.jobs,
            required=asked.required or before.required,
            allow_weak=asked.allow_weak or before.allow_weak,
            without=asked.without or before.without,
        )
        paths = [Path(os.fsdecode(path)) for path in before.paths]
        task = _task(out, paths, asked, secret, tell)
        return _work(task, folder, store, recorded, tell, fresh=False)


def _must_agree(asked: Asked, before: Asked, typed: Collection[str]) -> None:
    """Make sure that whoever continues a run does not ask for another one."""
    same = {
        "paths": sorted(map(os.path.realpath, asked.paths))
        == sorted(map(os.path.realpath, before.paths)),
        "only": sorted(asked.only) == sorted(before.only),
        "hidden": asked.hidden == before.hidden,
        "image": asked.image == before.image,
        "regrade": asked.regrade == before.regrade,
    }
    words = {
        "paths": "PATHs",
        "only": "--assignment",
        "hidden": "--hidden or --public",
        "image": "--docker",
        "regrade": "--regrade",
    }
    for name, agrees in same.items():
        if name in typed and not agrees:
            raise GradpathError(
                f"the run was started with other {words[name]}; leave that out to continue it, or "
                "leave out --resume to start another"
            )


def _task(
    out: Path, paths: Sequence[Path], asked: Asked, secret: str | None, tell: Callbacks
) -> _Task:
    """Find the secret and the submissions; say what is left out."""
    file = Path(os.fsdecode(asked.secret_file)) if asked.secret_file is not None else None
    seed = find_secret(secret, file, Path(os.fsdecode(asked.folder))) if asked.hidden else ""
    submissions, ignored = find(paths, slugs(), asked.only)
    late = late_policy(Path(os.fsdecode(asked.folder)), slugs())
    notes = ignored[:MAX_NOTES]
    if len(ignored) > MAX_NOTES:
        notes.append(f"... and {len(ignored) - MAX_NOTES} more files left out")
    for line in [*notes, *late.notes(submissions)]:
        tell.note(line)
    if not submissions:
        wanted = ", ".join(f"{slug}.py" for slug in (asked.only or slugs()))
        raise GradpathError(f"no submissions found; they are named {wanted} (or .ipynb)")
    container = None
    if asked.image is not None:
        container = ContainerRun(
            *(asked.image or default_tag(), paths, asked.only, _occurring(submissions), seed),
            public_only=not asked.hidden,
            jobs=min(asked.jobs or default_jobs(), len(submissions)),
        )
    return _Task(out, asked, seed, bool(secret), submissions, container, late)


def _occurring(submissions: Sequence[Submission]) -> list[str]:
    return [slug for slug in slugs() if any(each.assignment == slug for each in submissions)]


def _work(
    task: _Task,
    folder: OutFolder,
    store: Store,
    recorded: RecordedRun | None,
    tell: Callbacks,
    *,
    fresh: bool,
) -> Outcome:
    """Grade what is left to grade, and write the files."""
    began = time.monotonic()
    with ExitStack() as stack:
        if task.container is not None:
            stack.enter_context(task.container)
            here = task.container.start(task.submissions)
            isolation = task.container.isolation
        else:
            here, isolation = fingerprint(), level(tuple(task.asked.without))
        _must_hold(task.asked, isolation)
        grading = Grading(task.secret, not task.asked.hidden, here, isolation.level)
        cohort = Cohort(store, task.submissions, grading)
        if recorded is None:
            cohort.begin(task.asked, fresh=fresh)
        else:
            _must_continue(task, cohort, recorded, tell)
        taken = cohort.take_over()
        left = cohort.left()
        jobs = min(task.asked.jobs or default_jobs(), max(len(left), 1))
        folder.log(
            "start",
            f"gradpath {__version__}, process {os.getpid()}, isolation level {isolation.level}, "
            f"jobs {jobs}, submissions {len(task.submissions)}, taken over {taken}"
            + _mode(task, recorded, fresh=fresh),
        )
        if taken:
            tell.taken_over(taken)
        problems: list[str] = []
        with _can_be_continued(task, folder, cohort):
            if left:
                run = task.container or stack.enter_context(
                    Run(
                        task.slugs,
                        task.secret,
                        public_only=not task.asked.hidden,
                        jobs=jobs,
                        isolation=isolation,
                    )
                )
                _grade_left(run, cohort, left, folder, tell)
                isolation, problems = run.isolation, run.problems
            results = task.after_the_policy(cohort.results())
            changes, unchanged, files = _write(task, cohort, results)
            store.finish()
    seconds = time.monotonic() - began
    folder.log("end", f"graded {len(left)}, seconds {seconds:.0f}")
    return Outcome(
        results, task.slugs, changes, unchanged, problems, isolation, files, len(left), seconds
    )


def _must_continue(task: _Task, cohort: Cohort, recorded: RecordedRun, tell: Callbacks) -> None:
    """Make sure that this secret is the run's; note the changes since it began.

    Raises:
        GradpathError: it is another secret.
    """
    if not cohort.same_secret(recorded):
        raise GradpathError(
            f"this is not the secret that the run in {task.out} was started with; give "
            "that one, or leave out --resume to start another run"
        )
    if changed := cohort.changed_since(recorded):
        tell.note(changed)


def _write(
    task: _Task, cohort: Cohort, results: Sequence[Result]
) -> tuple[Sequence[Change] | None, int, Sequence[Path]]:
    """Write the files of the run; return the changes, the number unchanged, and the files."""
    changes, unchanged = None, 0
    if task.asked.regrade:
        changes, unchanged = compare(published(task.out, task.asked.only), results)
        files = {FILE: regrade_csv(changes)}
    else:
        files = {
            "results.jsonl": results_jsonl(results),
            "grades.csv": grades_csv(results, task.asked.only or slugs()),
        }
        cohort.publish()
    write_files(task.out, files)
    return changes, unchanged, [task.out / name for name in files]


def _must_hold(asked: Asked, isolation: Isolation) -> None:
    """Make sure that submissions are kept apart as well as was asked for.

    Raises:
        GradpathError: they are not.
    """
    if asked.required is not None:
        require(isolation, asked.required)
    if asked.hidden:
        may_see_hidden(isolation, allowed=asked.allow_weak)


def _mode(task: _Task, recorded: RecordedRun | None, *, fresh: bool) -> str:
    modes = {
        "resumed": recorded is not None,
        "fresh": fresh,
        "regrade": task.asked.regrade,
        "public checks only": not task.asked.hidden,
        "in a container": task.container is not None,
    }
    return "".join(f", {name}" for name, is_so in modes.items() if is_so)


def _grade_left(
    run: Run | ContainerRun,
    cohort: Cohort,
    left: Sequence[Submission],
    folder: OutFolder,
    tell: Callbacks,
) -> None:
    noted = 0

    def note_problems() -> None:
        nonlocal noted
        for problem in run.problems[noted:]:
            folder.log("problem", f"the grader failed, please grade by hand: {problem}")
        noted = len(run.problems)

    with tell.grading(len(left)) as tick:

        def progress(_: Result) -> None:
            note_problems()
            tick()

        run.grade_all(left, progress, cohort.keep)
    note_problems()  # a container tells at its end


@contextmanager
def _can_be_continued(task: _Task, folder: OutFolder, cohort: Cohort) -> Iterator[None]:
    """Say in the log and in the message how to go on, whatever ends the run."""
    try:
        yield
    except GradpathError as error:
        folder.log("stopped", str(error))
        raise GradpathError(
            f"{error}; what was graded is stored: continue with `{task.how_to_continue}`"
        ) from None
    except KeyboardInterrupt:
        folder.log("stopped", "interrupted")
        stored = f"{cohort.stored} of {len(task.submissions)} results are stored"
        raise InterruptedRunError(
            f"interrupted; {stored}, continue with `{task.how_to_continue}`"
        ) from None

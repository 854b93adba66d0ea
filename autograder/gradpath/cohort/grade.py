"""A run over many submissions: begin it, go on with it, and write its results."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.console import Console

from gradpath import __version__
from gradpath.cli.grade import _explain
from gradpath.cli.terminal import clean, console, print_changes, print_summary, progress
from gradpath.cohort.checkpoint import Cohort, Grading
from gradpath.cohort.docker import ContainerRun, default_tag
from gradpath.cohort.files import grades_csv, results_jsonl, write_files
from gradpath.cohort.fingerprint import fingerprint
from gradpath.cohort.late import LatePolicy, late_policy
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.regrade import FILE, compare, published, regrade_csv
from gradpath.cohort.run import Run, default_jobs
from gradpath.cohort.store import NAME, Asked, RecordedRun, Store
from gradpath.course.config import find_secret
from gradpath.course.load import slugs
from gradpath.engine.isolation import Isolation, level, may_see_hidden, require
from gradpath.errors import GradpathError, InterruptedRunError
from gradpath.grading.results import Result
from gradpath.submissions.find import find
from gradpath.submissions.submission import Submission


@dataclass(frozen=True)
class _Task:
    """What is to be graded, and how."""

    out: Path
    asked: Asked
    secret: str
    typed_secret: bool
    submissions: Sequence[Submission]
    container: ContainerRun | None
    explain: bool
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
    *,
    fresh: bool,
    explain: bool,
) -> int:
    """Begin a run; take over what is stored of it. Return the exit status.

    Args:
        out: the output folder.
        paths: the submissions, as they were typed.
        asked: the request, as it is recorded.
        secret: value of `--secret`.
        fresh: take nothing over.
        explain: print the reason for every lost point.

    Raises:
        GradpathError: something that the user can put right.
    """
    task = _task(out, paths, asked, secret, explain)
    if asked.regrade:
        published(out)  # asked for now, not after an hour of grading
    with OutFolder(out) as folder, Store(out) as store:
        return _work(task, folder, store, None, fresh=fresh)


def resume(
    out: Path, asked: Asked, typed: Collection[str], secret: str | None, *, explain: bool
) -> int:
    """Continue the run in a folder. Return the exit status.

    Args:
        out: the output folder.
        asked: what is asked for now.
        typed: the parameters that were typed; they must be those of the run.
        secret: value of `--secret`.
        explain: print the reason for every lost point.

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
            console().print(
                f"the run in {out} was finished at {recorded.finished}, so there is nothing to "
                f"continue; grade without --resume if submissions have changed since",
                markup=False,
            )
            return 0
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
        task = _task(out, paths, asked, secret, explain)
        return _work(task, folder, store, recorded, fresh=False)


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
    out: Path, paths: Sequence[Path], asked: Asked, secret: str | None, explain: bool
) -> _Task:
    """Find the secret and the submissions; say what is left out."""
    file = Path(os.fsdecode(asked.secret_file)) if asked.secret_file is not None else None
    seed = find_secret(secret, file, Path(os.fsdecode(asked.folder))) if asked.hidden else ""
    submissions, ignored = find(paths, slugs(), asked.only)
    notes = console(stderr=True)
    for line in ignored[:20]:
        notes.print(clean(line), style="yellow", markup=False)
    if len(ignored) > 20:
        notes.print(f"... and {len(ignored) - 20} more files left out", style="yellow")
    late = late_policy(Path(os.fsdecode(asked.folder)), slugs())
    for line in late.notes(submissions):
        notes.print(clean(line), style="yellow", markup=False)
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
    return _Task(out, asked, seed, bool(secret), submissions, container, explain, late)


def _occurring(submissions: Sequence[Submission]) -> list[str]:
    return [slug for slug in slugs() if any(each.assignment == slug for each in submissions)]


def _work(
    task: _Task, folder: OutFolder, store: Store, recorded: RecordedRun | None, *, fresh: bool
) -> int:
    """Grade what is left to grade, and write the files."""
    shown, began = console(), time.monotonic()
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
            if not cohort.same_secret(recorded):
                raise GradpathError(
                    f"this is not the secret that the run in {task.out} was started with; give "
                    "that one, or leave out --resume to start another run"
                )
            if changed := cohort.changed_since(recorded):
                console(stderr=True).print(changed, style="yellow", markup=False)
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
            shown.print(f"taken over: {taken} unchanged")
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
                _grade_left(run, cohort, left, folder, shown)
                isolation, problems = run.isolation, run.problems
            results = task.after_the_policy(cohort.results())
            old = published(task.out, task.asked.only) if task.asked.regrade else []
            changes, unchanged = compare(old, results)
            files = {
                "results.jsonl": results_jsonl(results),
                "grades.csv": grades_csv(results, task.asked.only or slugs()),
            }
            if task.asked.regrade:
                files = {FILE: regrade_csv(changes)}
            else:
                cohort.publish()
            write_files(task.out, files)
            store.finish()
    folder.log("end", f"graded {len(left)}, seconds {time.monotonic() - began:.0f}")
    if left and shown.is_terminal:  # what goes into a file is the same on every run
        seconds = time.monotonic() - began
        shown.print(f"graded {len(left)} in {seconds:.0f} s", style="dim")
    if task.explain:
        _explain(results, shown)
    if task.asked.regrade:
        print_changes(changes, unchanged, shown)
    else:
        print_summary(results, task.slugs, shown)
    for problem in problems:
        text = f"the grader failed, please grade by hand and report: {problem}"
        shown.print(clean(text), style="red", markup=False)
    shown.print(f"isolation level {isolation.level}: {isolation.text}", style="dim")
    shown.print(f"wrote {' and '.join(str(task.out / name) for name in files)}", markup=False)
    if shown.is_terminal and not task.asked.regrade:
        hint = f"`gradpath report {shlex.quote(str(task.out))}` makes a page of it"
        shown.print(hint, style="dim", markup=False)
    return 0


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
    shown: Console,
) -> None:
    noted = 0

    def note_problems() -> None:
        nonlocal noted
        for problem in run.problems[noted:]:
            folder.log("problem", f"the grader failed, please grade by hand: {problem}")
        noted = len(run.problems)

    with progress("grading", len(left), shown) as bar:
        done = 0

        def tick(result: Result) -> None:
            nonlocal done
            note_problems()
            done += 1
            if bar is not None:
                bar.advance(bar.task_ids[0])
            elif done % 100 == 0 or done == len(left):
                shown.print(f"graded {done} of {len(left)}")

        run.grade_all(left, tick, cohort.keep)
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

"""What `gradpath feedback` does: which pages, with what in them, and what is said about it."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from gradpath.cli.terminal import clean, console, progress
from gradpath.cohort.out_folder import OutFolder
from gradpath.cohort.run import default_jobs
from gradpath.cohort.store import NAME, Store
from gradpath.errors import GradpathError
from gradpath.grading.results import Result
from gradpath.reports.feedback.paths import FOLDER
from gradpath.reports.feedback.settings import Hidden, read_feedback_settings
from gradpath.reports.feedback.write import Wanted, Written, write_pages
from gradpath.reports.gradebooks.scores import read_scores

_SAYS = {
    "all": "how they went, without their numbers",
    "outcomes": "whether they passed",
    "names": "their titles",
    "none": "nothing",
}


def write(
    out: Path,
    folder: Path | None,
    students: Sequence[str],
    only: Sequence[str],
    hidden: Hidden | None,
    jobs: int | None,
) -> int:
    """Write pages; return the exit status.

    Args:
        out: what `gradpath grade` was given as `--out`.
        folder: where the pages go; into `out` if None.
        students: whose; everybody's if empty.
        only: of which assignments; of all if empty.
        hidden: value of `--hidden`; None for what the settings say.
        jobs: number of processes; one for each core if None.

    Raises:
        GradpathError: there is no run, or something else that the user can put right.
    """
    settings, now = read_feedback_settings(Path.cwd()), datetime.now(UTC)
    if not (out / NAME).is_file():
        raise GradpathError(f"there is no {out / NAME}; grade first, with --out {out}")
    scores, _ = read_scores(out, only)
    results = _of(students, list(scores.results.values()), out)
    choice = {
        slug: hidden or settings.hidden(slug, now)
        for slug in dict.fromkeys(result.assignment for result in results)
    }
    target = folder or out / FOLDER
    if target.exists() and not target.is_dir():
        raise GradpathError(f"{target} is a file; the pages need a folder")
    shown, notes = console(), console(stderr=True)
    problems: list[Written] = []
    unchanged = 0
    with OutFolder(out), Store(out, create=False) as store:
        _must_be_finished(store, out)
        with progress("pages", len(results), shown) as bar:

            def tick(page: Written) -> None:
                nonlocal unchanged
                unchanged += page.unchanged
                if page.problem:
                    problems.append(page)
                if bar is not None:
                    bar.advance(bar.task_ids[0])

            wanted = [Wanted(result, choice[result.assignment]) for result in results]
            write_pages(store, wanted, target, jobs or default_jobs(), tick)
    for page in problems:
        text = f"no page for {page.student}, {page.slug}: {page.problem}"
        notes.print(clean(text), style="red", markup=False)
    for kind, count in Counter(choice.values()).items():
        of = (
            ""
            if count == len(choice)
            else f" ({', '.join(s for s in choice if choice[s] == kind)})"
        )
        shown.print(f"of hidden checks, pages show {_SAYS[kind]}{of}", markup=False)
    if hidden is None and any(slug not in settings.due for slug in choice):
        shown.print("where no time is set in [due] of gradpath.toml, an assignment is not due yet")
    written = len(results) - unchanged - len(problems)
    shown.print(
        clean(f"pages written: {written}, unchanged: {unchanged}, in {target}"), markup=False
    )
    return 1 if problems else 0


def _of(students: Sequence[str], results: Sequence[Result], out: Path) -> list[Result]:
    there = {result.student for result in results}
    for student in students:
        if student not in there:
            raise GradpathError(f"{out} has no results of {student!r} to make a page from")
    return [result for result in results if not students or result.student in students]


def _must_be_finished(store: Store, out: Path) -> None:
    """Make sure that results.jsonl and the store are of the same run."""
    run = store.last_run()
    if run is None or (run.finished is None and not run.request.regrade):
        raise GradpathError(
            f"the run in {out} has not been finished; continue it with "
            f"`gradpath grade --resume --out {shlex.quote(str(out))}`"
        )

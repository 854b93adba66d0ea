"""gradpath interview: questions for a short talk about each submission."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradpath.cli import options
from gradpath.cli.language import LANGUAGE, files_in
from gradpath.errors import GradpathError
from gradpath.text.languages import tell
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from gradpath.reports.interview.write import Written
    from gradpath.worker.sandbox.layers import Level


@click.command("interview")
@click.argument("results", metavar="RESULTS", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the sheets; it is made if it is missing.",
)
@click.option("--student", "students", metavar="S", multiple=True, help="Only this student.")
@click.option("--assignment", "only", metavar="SLUG", multiple=True, help="Only this assignment.")
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Threads (default: cores).")
@LANGUAGE
@options.SECRET
@options.SECRET_FILE
@options.REQUIRE_ISOLATION
@options.ALLOW_WEAK_ISOLATION
def command(
    results: Path,
    out: Path,
    students: tuple[str, ...],
    only: tuple[str, ...],
    jobs: int | None,
    language: str | None,
    secret: str | None,
    secret_file: Path | None,
    required: Level | None,
    allow_weak: bool,
) -> int:
    """Make sheets with three to five questions for a short talk about each submission.

    RESULTS is a folder that `gradpath grade` wrote. Questions are about the student's own program:
    which line makes the step, what happens with another learning rate, which of four curves a known
    mistake gives, why a number is as it is, and what was wrong where points were lost. Answers are
    computed by running code, the submission's own in the same sandbox as for grading.

    DIR/examiner has answers, and DIR/examiner/index.html links to all; DIR/students has the same
    questions without them, to hand out. Each sheet is HTML for printing and for a phone, and JSON.

    Which questions a student gets is drawn from the secret of the run and the student's name. Give
    the secret as for `gradpath grade`. An assignment without questions.py has no sheets.

    \b
    Examples:
      gradpath interview results --out talks --secret-file release.secret
      gradpath interview results --out talks --assignment rosenbrock --student s01
      gradpath interview results --out talks-zh --language zh --secret-file release.secret

    Exit status: 0 when every sheet was written; 2 for wrong words or files.
    """
    from gradpath.cli.terminal import clean, console, progress
    from gradpath.cohort.late import shown_of_hidden
    from gradpath.cohort.run import Run, default_jobs
    from gradpath.cohort.store import language_of_run
    from gradpath.course.config import find_secret
    from gradpath.course.interview import questions_of
    from gradpath.engine.isolation import level, must_hold
    from gradpath.reports.interview.read import read_talks
    from gradpath.reports.interview.write import EXAMINER, INDEX, STUDENTS, write_talks

    seed = find_secret(secret, secret_file, Path.cwd(), "")
    hidden = shown_of_hidden(Path.cwd(), datetime.now(UTC))
    talks = read_talks(results, students, only, seed, hidden, out)
    slugs = list(dict.fromkeys(talk.result.assignment for talk in talks))
    shown = console()
    for slug in [slug for slug in slugs if not questions_of(slug)]:
        text = Message("{slug} has no questions.py, so there are no sheets for it", slug=slug)
        shown.print(tell(text), markup=False)
        talks = [talk for talk in talks if talk.result.assignment != slug]
        slugs.remove(slug)
    if not talks:
        raise GradpathError(Message("no assignment of these has questions; see docs/interviews.md"))
    isolation = level()
    must_hold(isolation, required, hidden=True, allow_weak=allow_weak)
    jobs = min(jobs or default_jobs(), len(talks))
    with (
        files_in(language or language_of_run(results)),
        Run(slugs, "", public_only=True, jobs=jobs, isolation=isolation) as run,
        progress(tell(Message("talks")), len(talks), shown) as bar,
    ):
        step = (lambda: bar.advance(bar.task_ids[0])) if bar is not None else lambda: None
        written = write_talks(run, talks, out, seed, step)
    for line in _about(written, out / EXAMINER / INDEX, out / STUDENTS):
        shown.print(clean(tell(line)), markup=False)
    return 0


def _about(written: Sequence[Written], index: Path, students: Path) -> Iterator[Message]:
    """Yield the lines about the sheets that were written."""
    for talk in written:
        if not talk.questions:
            yield Message(
                "no questions for {student}, {slug}", student=talk.student, slug=talk.slug
            )
    yield Message("sheets written: {count}, in {path}", count=len(written), path=index)
    yield Message("to hand out: {path}, which has no answers", path=students)

"""gradpath feedback: the pages that students get back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gradpath.cli.language import LANGUAGE, files_in
from gradpath.course.config import CHOICES
from gradpath.errors import GradpathError
from gradpath.text.languages import tell
from gradpath.text.messages import Message, counted, joined

if TYPE_CHECKING:
    from rich.console import Console

    from gradpath.course.config import Hidden
    from gradpath.grading.results import Result
    from gradpath.reports.feedback.upload import Site, Upload
    from gradpath.reports.feedback.write import Wanted, Written

_SAYS: Final = {
    "all": Message("how they went, without their numbers"),
    "outcomes": Message("whether they passed"),
    "names": Message("their titles"),
    "points": Message("the points that they took"),
    "none": Message("nothing"),
}


@click.command("feedback")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the pages (default: OUT/feedback).",
)
@click.option("--student", "students", metavar="S", multiple=True, help="Only this student.")
@click.option("--assignment", "only", metavar="SLUG", multiple=True, help="Only this assignment.")
@click.option(
    "--hidden",
    type=click.Choice(CHOICES),
    help="What pages show of hidden checks (default: as gradpath.toml says).",
)
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Processes.")
@LANGUAGE
@click.option(
    "--zip",
    "site",
    type=click.Choice(["canvas", "moodle"]),
    help="Also make DIR/<slug>-SITE.zip for the site's upload of feedback files.",
)
def command(
    out: Path,
    folder: Path | None,
    students: tuple[str, ...],
    only: tuple[str, ...],
    hidden: Hidden | None,
    jobs: int | None,
    language: str | None,
    site: Site | None,
) -> int:
    """Write a page for each submission: DIR/<student>/<slug>.html.

    OUT is a folder that `gradpath grade` wrote. A page has score, checks, hints, the student's
    lines that raised, and pictures of the runs over the expected ones. It is one file that needs no
    network and no script. Pages that are there and would be the same are left alone.

    What a page shows of hidden checks is chosen with --hidden, or by a gradpath.toml in this
    folder: hidden_before and hidden_after in its table [feedback], which are about the time that
    [due] has for an assignment.

    \b
      all       how each went, the kind of mistake, and the hint; never the numbers it used
      outcomes  titles, points, and whether each passed
      names     titles; the score is that of the public checks
      points    how many points they took altogether, at the top of the page
      none      nothing, not even how many there are; the score is that of the public checks

    Without a setting it is none before an assignment is due, all afterwards, and points where no
    time is set. The choice that is in force for each assignment is printed.

    Pages are in the language of the run, or in another one: nothing is graded again for that.

    With --zip, the pages of submissions that a course site's download held are put into one zip
    for each assignment, in the names that the site takes back: Moodle's "Upload multiple feedback
    files in a zip", and Canvas's "Upload Submissions".

    \b
    Examples:
      gradpath feedback results
      gradpath feedback results --student s01 --assignment rosenbrock --hidden all
      gradpath feedback results --to pages --hidden none
      gradpath feedback results --zip moodle
      gradpath feedback results --language zh --to pages-zh

    Exit status: 0 when every page was written; 1 when one was not; 2 for wrong words or files.
    """
    from gradpath.cli.terminal import clean, console
    from gradpath.cohort.store import NAME, language_of_run
    from gradpath.course.style import lacks_fonts
    from gradpath.reports.feedback.paths import FOLDER
    from gradpath.reports.feedback.upload import must_be_of, write_uploads
    from gradpath.reports.gradebooks.scores import read_scores

    if not (out / NAME).is_file():
        text = Message(
            "there is no {path}; grade first, with --out {out}", path=out / NAME, out=out
        )
        raise GradpathError(text)
    scores, _ = read_scores(out, only)
    results = _of(students, list(scores.results.values()), out)
    if site:
        must_be_of(site, results)
    target = folder or out / FOLDER
    if target.exists() and not target.is_dir():
        raise GradpathError(Message("{target} is a file; the pages need a folder", target=target))
    shown, notes = console(), console(stderr=True)
    wanted, lines = _wanted(results, hidden)
    with files_in(language or language_of_run(out)):
        pages, note = _write(out, wanted, target, jobs, shown), lacks_fonts()
    problems = [page for page in pages if page.problem]
    for page in problems:
        notes.print(clean(tell(_without_page(page))), style="red", markup=False)
    for line in lines:
        shown.print(tell(line), markup=False)
    if note:
        notes.print(tell(note), style="yellow", markup=False)
    shown.print(clean(tell(_about(pages, target))), markup=False)
    for upload in write_uploads(site, results, target) if site else []:
        _print_upload(upload, shown)
    return 1 if problems else 0


def _about(pages: Sequence[Written], target: Path) -> Message:
    """Return the line about the pages that are in a folder now."""
    unchanged = sum(page.unchanged for page in pages)
    return Message(
        "pages written: {written}, unchanged: {unchanged}, in {target}",
        written=sum(not page.problem for page in pages) - unchanged,
        unchanged=unchanged,
        target=target,
    )


def _without_page(page: Written) -> Message:
    """Return the line about a page that could not be made."""
    return Message(
        "no page for {student}, {slug}: {problem}",
        student=page.student,
        slug=page.slug,
        problem=page.problem,
    )


def _wanted(results: Sequence[Result], hidden: Hidden | None) -> tuple[list[Wanted], list[str]]:
    """Return the pages to make, and lines about the part of hidden checks that they show."""
    from gradpath.cohort.late import shown_of_hidden
    from gradpath.course.config import read_config
    from gradpath.reports.feedback.write import Wanted

    config, now = read_config(Path.cwd()), datetime.now(UTC)
    own = shown_of_hidden(Path.cwd(), now)
    choice = {
        slug: hidden or config.hidden(config.due.get(slug), now)
        for slug in dict.fromkeys(result.assignment for result in results)
    }
    wanted = [Wanted(result, hidden or own(result)) for result in results]
    lines: list[str] = []
    for kind in dict.fromkeys(choice.values()):
        slugs = ", ".join(slug for slug in choice if choice[slug] == kind)
        lines.append(
            Message(
                "of hidden checks, pages show {shown} ({kind}): {slugs}",
                shown=_SAYS[kind],
                kind=kind,
                slugs=slugs,
            )
        )
    extended = Counter(one.hidden for one in wanted if one.hidden != choice[one.result.assignment])
    for kind, count in extended.items():
        lines.append(
            counted(
                "for an extension, {count} page shows {shown}",
                "for an extension, {count} pages show {shown}",
                count,
                shown=_SAYS[kind],
            )
        )
    undated = [slug for slug in choice if slug not in config.due]
    if hidden is None and undated:
        lines.append(
            Message(
                "no time in [due] of gradpath.toml, so nothing changes by itself: {names}",
                names=", ".join(undated),
            )
        )
    return wanted, lines


def _of(students: Sequence[str], results: Sequence[Result], out: Path) -> list[Result]:
    there = {result.student for result in results}
    for student in students:
        if student not in there:
            raise GradpathError(
                Message(
                    "{out} has no results of {student!r} to make a page from",
                    out=out,
                    student=student,
                )
            )
    return [result for result in results if not students or result.student in students]


def _write(
    out: Path, wanted: Sequence[Wanted], target: Path, jobs: int | None, shown: Console
) -> list[Written]:
    """Write the pages from the store in the folder `out`, with a progress bar."""
    from gradpath.cli.terminal import progress
    from gradpath.cohort.out_folder import OutFolder
    from gradpath.cohort.run import default_jobs
    from gradpath.cohort.store import Store
    from gradpath.reports.feedback.write import write_pages

    pages: list[Written] = []
    with OutFolder(out), Store(out, create=False) as store:
        run = store.finished_run()  # else results.jsonl and the store are not of the same run
        run.request.must_lie_apart(target, "--to")
        with progress(tell(Message("pages")), len(wanted), shown) as bar:

            def tick(page: Written) -> None:
                pages.append(page)
                if bar is not None:
                    bar.advance(bar.task_ids[0])

            write_pages(store, wanted, target, jobs or default_jobs(), tick)
    return pages


def _print_upload(upload: Upload, shown: Console) -> None:
    """Print a zip, and the students that are not in it."""
    from gradpath.cli.terminal import clean
    from gradpath.text import some

    names = some(upload.left_out)
    parts = [
        counted(
            "wrote {path}: {count} page", "wrote {path}: {count} pages", upload.pages,
            path=upload.path,
        ),
        Message("without a file of the site's: {names}", names=names) if names else "",
    ]  # fmt: skip
    shown.print(clean(tell(joined("; ", parts))), markup=False)

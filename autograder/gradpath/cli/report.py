"""gradpath report: one page about a run, for staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradpath.cli.language import LANGUAGE, files_in
from gradpath.text import printable
from gradpath.text.languages import tell
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from gradpath.reports.cohort.page import Report


@click.command("report")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The new page (default: DIR/report.html).",
)
@LANGUAGE
def command(folder: Path, target: Path | None, language: str | None) -> int:
    """Make a page for staff about the run in DIR, which `gradpath grade` was given as --out.

    It shows how scores are distributed, how hard each check is and how well it tells strong
    submissions from weak ones, which misconceptions occurred, alone and together, what was slow or
    had to be stopped, whose code agrees, and a table of all submissions to sort, filter and search.
    Hidden checks are shown. The page is one file that needs no network; of more than some 10,000
    submissions the table's rows lie in files beside it, FILE-rows-1.js and so on. Where feedback
    pages are beside it, in a folder `feedback`, it links to them. It is in the language of the run,
    or in another one.

    \b
    Examples:
      gradpath report results
      gradpath report results --to cohort.html
      gradpath report results --language zh

    Exit status: 0 when the page was written; 2 for wrong words or files.
    """
    from gradpath.cli.terminal import console, progress
    from gradpath.cohort.out_folder import LOG, OUTPUTS
    from gradpath.cohort.store import NAME, language_of_run
    from gradpath.course.files import write_files
    from gradpath.errors import GradpathError
    from gradpath.reports.cohort.page import make_report, rows_beside

    target = folder / "report.html" if target is None else target
    if target.is_dir():
        raise GradpathError(Message("{path} is a folder; --to needs a file", path=target))
    for used in (*OUTPUTS, NAME, LOG):
        if target.resolve() == (folder / used).resolve():
            raise GradpathError(
                Message("{path} would be overwritten; give another file with --to", path=target)
            )
    with progress(tell(Message("comparing")), 1, console(stderr=True)) as bar:

        def advance(done: int, of: int) -> None:
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done, total=of)

        with files_in(language or language_of_run(folder)):
            report = make_report(folder, target, advance)
    write_files(target.parent, {target.name: report.html, **report.beside})
    for path in rows_beside(target):
        if path.name not in report.beside:
            path.unlink(missing_ok=True)
    for note in report.notes:
        click.echo(f"gradpath: {printable(tell(note))}", err=True)
    for line in _about(report, target):
        click.echo(tell(line))
    return 0


def _about(report: Report, target: Path) -> Iterator[Message]:
    """Yield the lines about a page that was written."""
    yield Message(
        "{path}: students {students}, submissions {submissions}, agreements {agreements}, "
        "{megabytes:.1f} MB",
        path=printable(str(target)),
        students=report.students,
        submissions=report.submissions,
        agreements=report.agreements,
        megabytes=len(report.html) / 1e6,
    )
    if report.beside:
        yield Message(
            "rows beside it: {count} files, {megabytes:.1f} MB",
            count=len(report.beside),
            megabytes=sum(map(len, report.beside.values())) / 1e6,
        )

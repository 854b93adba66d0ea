"""gradpath feedback: the pages that students get back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gradpath.reports.feedback.settings import Hidden


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
    type=click.Choice(["all", "outcomes", "names", "none"]),
    help="What pages show of hidden checks (default: as gradpath.toml says).",
)
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Processes.")
def command(
    out: Path,
    folder: Path | None,
    students: tuple[str, ...],
    only: tuple[str, ...],
    hidden: Hidden | None,
    jobs: int | None,
) -> int:
    """Write a page for each submission: DIR/<student>/<slug>.html.

    OUT is a folder that `gradpath grade` wrote. A page has score, checks, hints, the student's
    lines that raised, and pictures of the runs over the expected ones. It is one file that needs no
    network and no script. Pages that are there and would be the same are left alone.

    What a page shows of hidden checks is chosen with --hidden, or by a gradpath.toml in this
    folder: hidden_before and hidden_after in its table [feedback], which are about the time that
    [due] has for an assignment.

    \b
      all       how each went, where, and the hint; never the numbers it used
      outcomes  titles, points, and whether each passed
      names     titles; the score is that of the public checks
      none      nothing, not even how many there are; the score is that of the public checks

    Without a setting it is none before an assignment is due, or where no time is set, and all
    afterwards.

    \b
    Examples:
      gradpath feedback results
      gradpath feedback results --student s01 --assignment rosenbrock --hidden all
      gradpath feedback results --to pages --hidden none

    Exit status: 0 when every page was written; 1 when one was not; 2 for wrong words or files.
    """
    from gradpath.cli import feedback_pages

    return feedback_pages.write(out, folder, students, only, hidden, jobs)

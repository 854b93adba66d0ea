"""gradpath export: results in the form that a course site takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gradpath.text.languages import tell
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from gradpath.reports.gradebooks.fill import Export
    from gradpath.reports.gradebooks.scores import Scores
    from gradpath.reports.gradebooks.table import Table

_OF_GRADE: Final = ("results.jsonl", "results.sqlite", "grades.csv", "regrade.csv", "grade.log")
"""The files that `gradpath grade` has in its folder."""


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "site",
    required=True,
    type=click.Choice(["canvas", "moodle", "gradescope", "json"]),
    help="Whose form the file has.",
)
@click.option(
    "--roster",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The gradebook or roster as the site exports it (for json: any of them, or none).",
)
@click.option(
    "--out", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The new file."
)
@click.option("--assignment", "only", metavar="SLUG", multiple=True, help="Only this assignment.")
@click.option(
    "--column",
    "columns",
    metavar="SLUG=TITLE",
    multiple=True,
    help="What an assignment is called on the site, where that is not its title.",
)
@click.option("--course", metavar="NAME", default="gradpath", help="The course's name, for json.")
@click.option("--strict", is_flag=True, help="Write nothing and end with 2 if anything is said.")
def command(
    folder: Path,
    site: str,
    roster: Path | None,
    out: Path,
    only: tuple[str, ...],
    columns: tuple[str, ...],
    course: str,
    strict: bool,
) -> int:
    """Write the points in DIR/results.jsonl into a file that a course site takes.

    DIR is what `gradpath grade` was given as --out; nothing in it changes. FILE of --roster is what
    the site exports: Canvas's gradebook, Moodle's grade export or an assignment's grading
    worksheet, Gradescope's roster. Students are matched by any id in it, and of an address by the
    part before the @. Columns of other assignments are left out, so no upload can change them;
    where there are no points, a cell stays as the site has it.

    Students who are only in the roster or only in the results are named, and so is what else an
    upload would stumble over. With --strict nothing is written then.

    \b
    Examples:
      gradpath export results --format canvas --roster gradebook.csv --out upload.csv
      gradpath export results --format canvas --roster gradebook.csv --out upload.csv \\
        --column "rosenbrock=Homework 3"
      gradpath export results --format moodle --roster worksheet.csv --out upload.csv \\
        --assignment rosenbrock
      gradpath export results --format json --out points.json

    Students that may be somebody else are named and left out; all others are written.

    Exit status: 0 when the file was written; 1 when it was, and somebody is left out; 2 for wrong
    words or files, or with --strict.
    """
    from gradpath.course.files import write_files
    from gradpath.errors import GradpathError
    from gradpath.reports.gradebooks.scores import read_scores
    from gradpath.reports.gradebooks.table import read_table
    from gradpath.text import printable

    if roster is None and site != "json":
        raise GradpathError(
            Message(
                "--format {site} needs --roster FILE, as {name} exports it",
                site=site,
                name=site.capitalize(),
            )
        )
    if out.is_dir():
        raise GradpathError(Message("{out} is a folder; --out needs a file", out=out))
    for used in (roster, *(folder / name for name in _OF_GRADE)):
        if used is not None and out.resolve() == used.resolve():
            raise GradpathError(
                Message("{out} would be overwritten; give another file with --out", out=out)
            )
    scores, notes = read_scores(folder, only)
    given = _given(columns, [task.slug for task in scores.tasks])
    table = read_table(roster) if roster is not None else None
    export = _export(site, table, scores, given, course, need_all=bool(only))
    for note in (*notes, *export.notes):
        click.echo(f"gradpath: {printable(tell(note))}", err=True)
    if strict and (notes or export.notes):
        click.echo(f"gradpath: {tell(Message('--strict: nothing was written'))}", err=True)
        return 2
    write_files(out.parent, {out.name: export.data})
    text = Message(
        "{path}: {students} students, {assignments} assignments",
        path=printable(str(out)),
        students=export.students,
        assignments=export.assignments,
    )
    click.echo(tell(text))
    return 1 if export.in_doubt else 0


def _export(
    site: str,
    table: Table | None,
    scores: Scores,
    given: dict[str, str],
    course: str,
    *,
    need_all: bool,
) -> Export:
    from gradpath.reports.gradebooks import canvas, document, gradescope, moodle

    if table is None or site == "json":
        return document.export(table, scores, course)
    if site == "canvas":
        return canvas.export(table, scores, given, need_all=need_all)
    if site == "moodle":
        return moodle.export(table, scores, given, need_all=need_all)
    return gradescope.export(table, scores, given)


def _given(columns: tuple[str, ...], slugs: list[str]) -> dict[str, str]:
    from gradpath.errors import GradpathError
    from gradpath.text import choice

    given: dict[str, str] = {}
    for each in columns:
        slug, equals, title = each.partition("=")
        if not equals or not title.strip() or slug in given:
            raise GradpathError(
                Message("--column {given!r}: write SLUG=TITLE, once for an assignment", given=each)
            )
        if slug not in slugs:
            raise GradpathError(
                Message(
                    "--column {given!r}: no assignment {slug!r} is exported; {known}",
                    given=each,
                    slug=slug,
                    known=choice(slug, slugs),
                )
            )
        given[slug] = title.strip()
    return given

"""gradpath post: grades and pages into Canvas, after a list and a yes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gradpath.errors import GradpathError
from gradpath.text.languages import tell
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from rich.console import Console

    from gradpath.reports.gradebooks.canvas_post import Gradebook, Plan
    from gradpath.reports.gradebooks.scores import Task

_TOKEN: Final = "CANVAS_TOKEN"


@click.command("post")
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path, file_okay=False))
@click.option("--canvas", "address", metavar="URL", required=True, help="The address of Canvas.")
@click.option("--course", metavar="ID", type=int, required=True, help="The course's number.")
@click.option(
    "--assignment",
    "given",
    metavar="SLUG=ID",
    required=True,
    help="The assignment here, and its number in Canvas.",
)
@click.option("--dry-run", is_flag=True, help="Show the list, and post nothing.")
@click.option("--yes", is_flag=True, help="Post without a question.")
def command(folder: Path, address: str, course: int, given: str, dry_run: bool, yes: bool) -> int:
    """Post the points of an assignment to Canvas, with the pages as comments.

    OUT is a folder that `gradpath grade` wrote from Canvas's own download: accounts are known by
    the numbers in it. Both numbers stand in the address of the assignment's page,
    .../courses/ID/assignments/ID. The token of your account comes from the variable CANVAS_TOKEN.

    You see a list of the grades that would change, and are asked, before anything is posted. Grades
    that Canvas has already are left alone, and so are excused students. Run `gradpath feedback`
    before, if pages are to go with the grades: a page shows of hidden checks as much as was chosen
    there.

    \b
    Examples:
      gradpath post results --canvas https://canvas.example.edu --course 7 \\
        --assignment rosenbrock=31 --dry-run

    Exit status: 0 when all is posted; 1 when somebody is left out, or you said no; 2 for wrong
    words, or when Canvas refuses.
    """
    from gradpath.cli.terminal import clean, console
    from gradpath.reports.feedback.paths import FOLDER
    from gradpath.reports.gradebooks.canvas_post import Gradebook
    from gradpath.reports.gradebooks.fill import are_other_points
    from gradpath.reports.gradebooks.scores import read_scores

    slug, _, number = given.partition("=")
    if not number.isdecimal():
        raise GradpathError(
            Message("--assignment {given!r}: write SLUG=ID, such as rosenbrock=31", given=given)
        )
    token = os.environ.get(_TOKEN, "").strip()
    if not token:
        raise GradpathError(
            Message("no token; put one of your account into the variable {token}", token=_TOKEN)
        )
    scores, notes = read_scores(folder, [slug])
    shown = console()
    for note in notes:
        shown.print(clean(tell(note)), markup=False)
    gradebook = Gradebook(address, token, course, int(number))
    (task,) = scores.tasks
    if are_other_points(gradebook.most, task.max_points):
        raise GradpathError(_other_points(gradebook, task))
    plan = gradebook.plan(scores, slug, folder / FOLDER)
    _print(plan, gradebook.title, shown)
    if not plan.changes or dry_run:
        return 1 if plan.left_out else 0
    if not yes and not click.confirm(tell(Message("Post these {count}?", count=len(plan.changes)))):
        return 1
    posted = 0
    try:
        for _ in gradebook.post(plan.changes):
            posted += 1
    except GradpathError as error:
        raise GradpathError(
            Message(
                "{reason}; posted: {posted} of {count}; run it again for the others",
                reason=error.message,
                posted=posted,
                count=len(plan.changes),
            )
        ) from None
    shown.print(tell(Message("posted: {count}", count=posted)), markup=False)
    return 1 if plan.left_out else 0


def _other_points(gradebook: Gradebook, task: Task) -> Message:
    return Message(
        "{title} has {most:g} points in Canvas and {slug} has {max_points:g} here; set the points "
        "in Canvas",
        title=gradebook.title,
        most=gradebook.most,
        slug=task.slug,
        max_points=task.max_points,
    )


def _print(plan: Plan, title: str, shown: Console) -> None:
    from rich.table import Table

    from gradpath.cli.terminal import clean

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (Message("student"), Message("in Canvas"), Message("here"), Message("page")):
        table.add_column(tell(name), justify="right" if name in ("in Canvas", "here") else "left")
    for change in plan.changes:
        before = "-" if change.before is None else f"{change.before:g}"
        page = tell(Message("yes") if change.page else Message("no"))
        table.add_row(clean(change.student), before, f"{change.points:g}", page)
    if plan.changes:
        shown.print(table)
    for line in plan.left_out:
        shown.print(clean(tell(Message("left out: {line}", line=line))), markup=False)
    text = Message(
        "{title}: {count} to post, {unchanged} as Canvas has them",
        title=title,
        count=len(plan.changes),
        unchanged=plan.unchanged,
    )
    shown.print(clean(tell(text)), markup=False)

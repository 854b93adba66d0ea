"""gradpath grade: what staff run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from rich.console import Console
from rich.text import Text

from gradpath.cli.terminal import clean, points_text, print_result
from gradpath.grading.results import Result

if TYPE_CHECKING:
    from gradpath.worker.sandbox.layers import Level


@click.command("grade")
@click.argument("paths", nargs=-1, metavar="PATH ...", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for what is written; it is made if it is missing.",
)
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Threads (default: cores).")
@click.option("--assignment", "only", metavar="SLUG", multiple=True, help="Only this assignment.")
@click.option("--hidden/--public", default=True, help="All checks (default), or the public ones.")
@click.option("--secret", metavar="TEXT", help="Seeds the hidden data.")
@click.option(
    "--secret-file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file whose first line is the secret.",
)
@click.option(
    "--docker",
    "image",
    metavar="[IMAGE]",
    is_flag=False,
    flag_value="",
    help="Grade in a container of this image (default: gradpath:VERSION).",
)
@click.option(
    "--require-isolation",
    "required",
    metavar="LEVEL",
    type=click.Choice(["A", "B", "C", "D"]),
    help="Refuse to grade below this level of isolation (see `gradpath doctor`).",
)
@click.option(
    "--allow-weak-isolation",
    "allow_weak",
    is_flag=True,
    help="Grade hidden checks below level B, too.",
)
@click.option("--without-layer", "without", metavar="LAYER", multiple=True, hidden=True)
@click.option("--fresh", is_flag=True, help="Grade everything again, unchanged or not.")
@click.option("--resume", is_flag=True, help="Go on with the run in DIR that was interrupted.")
@click.option("--regrade", is_flag=True, help="Only show who would gain or lose points.")
@click.option("--explain", is_flag=True, help="Print the reason for every lost point.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    out: Path | None,
    jobs: int | None,
    only: tuple[str, ...],
    hidden: bool,
    secret: str | None,
    secret_file: Path | None,
    image: str | None,
    required: Level | None,
    allow_weak: bool,
    without: tuple[str, ...],
    fresh: bool,
    resume: bool,
    regrade: bool,
    explain: bool,
) -> int:
    """Grade submissions and write DIR/results.jsonl and DIR/grades.csv.

    PATH is a submission (hand_gradients.py or .ipynb), a folder with one folder for each student,
    one student's folder, or a zip of any of these. Whatever a submission does, it gets a result,
    and no other submission notices.

    The hidden checks use random data that a secret seeds: the same secret gives the same data and
    the same results, byte for byte. Give it with --secret or --secret-file, in the variable
    GRADPATH_SECRET, or as `secret = "..."` in a file gradpath.toml in this folder.

    With --docker, written after the PATHs, submissions run in one container without a network that
    cannot write anything; build its image once with `gradpath image build`. The results are the
    same.

    Submissions are kept apart from the grader and from each other as well as the machine allows.
    The level is printed, logged and recorded in each result. Below level B hostile code could find
    out about hidden checks, so these need --allow-weak-isolation there.

    Each result is stored in DIR/results.sqlite as it comes. Submissions that have not changed under
    an unchanged grader and secret are not graded again, unless --fresh is given. A run that was
    interrupted, by whatever, goes on with --resume, which needs no PATHs, and gives the same files.
    After the grader or the secret has changed, --regrade shows whose points would change and writes
    DIR/regrade.csv; results.jsonl and grades.csv stay as they are until you grade without it.

    \b
    Examples:
      gradpath grade submissions --out results --secret-file release.secret
      gradpath grade cohort.zip --out results --assignment rosenbrock --explain
      gradpath grade s01/hand_gradients.py --out results --public
      gradpath grade submissions --out results --secret-file release.secret --docker
      gradpath grade --resume --out results
      gradpath grade submissions --out results --secret-file release.secret --regrade

    Exit status: 0 when every submission got a result, however bad; 2 for wrong words or paths.
    """
    from gradpath.cohort import grade as grade_folder
    from gradpath.cohort.store import Asked
    from gradpath.course.load import load
    from gradpath.errors import GradpathError

    if not paths and not resume:
        if image and Path(image).exists():
            from gradpath.cohort.docker import missing_image

            raise GradpathError(missing_image(image))
        raise click.UsageError("Missing argument 'PATH ...'", context)
    if out is None:  # asked for after the PATHs, which are the first thing to type
        raise click.UsageError("Missing option '--out'", context)
    if fresh and resume:
        raise GradpathError("--fresh grades everything again and --resume does not; give only one")
    for slug in only:
        load(slug)
    if out.exists() and not out.is_dir():
        raise GradpathError(f"{out} is a file; --out needs a folder")
    asked = Asked(
        [os.fsencode(path.absolute()) for path in paths],
        list(only),
        hidden,
        os.fsencode(secret_file.absolute()) if secret_file is not None else None,
        os.fsencode(Path.cwd()),
        image,
        jobs,
        regrade,
        required,
        allow_weak,
        list(without),
    )
    if resume:
        source = context.get_parameter_source
        typed = {name for name in context.params if source(name) is ParameterSource.COMMANDLINE}
        return grade_folder.resume(out, asked, typed, secret, explain=explain)
    return grade_folder.grade(out, paths, asked, secret, fresh=fresh, explain=explain)


def _explain(results: Sequence[Result], shown: Console) -> None:
    """Print the reason for every lost point; who has lost none gets a line."""
    had_more = True
    for result in results:
        full = result.status == "graded" and result.score == result.max_score
        more = not full or bool(result.message)
        if more or had_more:
            shown.print()
        had_more = more
        style = "green" if full else "red" if result.score == 0 else "yellow"
        head = Text.assemble(
            (clean(f"{result.student} / {result.assignment}"), "bold"),
            "  ",
            (f"{points_text(result.score)} / {points_text(result.max_score)}", style),
        )
        shown.print(head, soft_wrap=True)
        if result.message:
            shown.print(clean(result.message), style="yellow", markup=False)
        print_result(result, shown, every_check=False)

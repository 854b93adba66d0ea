"""gradpath check: the students' command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradpath.cli import answers
from gradpath.errors import GradpathError, SubmissionError
from gradpath.frontends.platforms.formats import FORMATS

if TYPE_CHECKING:
    from rich.console import Console

    from gradpath.engine.process_tree import ProcessTree
    from gradpath.frontends.platforms.answer import Format
    from gradpath.grading.results import Result
    from gradpath.submissions.submission import Submission


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE ...]", type=click.Path(path_type=Path))
@click.option(
    "--plot",
    metavar="PICTURE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw your run over the expected one into this file (.png, .svg, .pdf).",
)
@click.option(
    "--as", "name", type=click.Choice(list(FORMATS)), help="Answer in this form, for a platform."
)
@answers.TO
def command(
    files: tuple[Path, ...], plot: Path | None, name: str | None, target: Path | None
) -> int:
    """Check your own files with the public checks.

    FILE is a file named after an assignment (hand_gradients.py or .ipynb). Without any, all such
    files are checked that are in this folder, or in folders named after an assignment. You see
    which checks pass, the first step at which a run leaves the expected one, a hint where the
    numbers look like a known mistake, and your public score. The final grade has hidden checks on
    other data besides.

    Of a script and a notebook of the same assignment, the one in which something is written is
    checked; the script, if it is both.

    \b
    Examples:
      gradpath check
      gradpath check hand_gradients.py
      gradpath check rosenbrock.py --plot valley.png
      gradpath check rosenbrock.py --as html --to page.html

    Exit status: 0 all passed, 1 something failed, 2 the file cannot be checked. With --as, 0 when
    there is an answer, however bad.
    """
    if target is not None and name is None:
        raise GradpathError("--to needs --as FORMAT; --plot takes the path of a picture")
    if name is not None:
        return _answer(files, FORMATS[name], target)
    status = check_files(files, plot)
    if plot is not None:
        from gradpath.cli.terminal import console

        console().print(f"Picture: {plot}", markup=False)
    return status


def check_files(files: Sequence[Path], plot: Path | None, out: Console | None = None) -> int:
    """Check files and print the results.

    Args:
        files: the files; none for those that are begun in this folder.
        plot: the picture to draw.
        out: the console; that of the terminal by default.

    Returns:
        The command's exit status.

    Raises:
        GradpathError: there is nothing to check, or it cannot be checked.
    """
    from gradpath.course.settings import slugs
    from gradpath.student.launch import for_check
    from gradpath.submissions.names import match

    must_be_picture(plot)
    named_here = () if files else _named_here()
    chosen = list(files) or _files_here(named_here or slugs())
    # The first worker imports torch while this process does its own imports.
    named = (match(path.name, slugs())[0] for path in chosen if path.is_file())
    first = next((slug for slug in named if slug is not None), None)
    worker = for_check(first) if first is not None else None
    try:
        started = {first: worker} if first and worker else {}
        return _check(chosen, bool(files), named_here, plot, started, out)
    finally:
        if worker is not None and worker.poll() is None:
            worker.kill()
            worker.wait()


def must_be_picture(plot: Path | None) -> None:
    """Refuse a picture's name whose suffix names no format."""
    if plot is not None and plot.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise GradpathError(f"{plot}: the picture's name must end in .png, .svg or .pdf")


def _named_here() -> tuple[str, ...]:
    """Return the assignments that the course's gradpath.toml names; none if there is no such file.

    In an assignment's own folder, the file of the folder above counts, for this assignment.
    """
    from gradpath.course.config import read_config
    from gradpath.course.settings import slugs

    own = Path.cwd().name
    if own in slugs():
        named = read_config(Path("..")).check.assignments or ()
        return (own,) if own in named else ()
    return read_config(Path()).check.assignments or ()


def _files_here(wanted: tuple[str, ...]) -> list[Path]:
    """Return the scripts and notebooks of this folder, and of the assignments' own folders."""
    from gradpath.course.settings import slugs
    from gradpath.submissions.names import SUFFIXES, match

    folders = [Path(), *(Path(slug) for slug in wanted if Path(slug).is_dir())]
    return [
        path
        for folder in folders
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and match(path.name, slugs())[0] in wanted
    ]


def _check(
    chosen: list[Path],
    given: bool,
    named_here: tuple[str, ...],
    plot: Path | None,
    started: dict[str, ProcessTree],
    out: Console | None,
) -> int:
    from gradpath.cli.terminal import console
    from gradpath.course.settings import slugs
    from gradpath.submissions.find import find
    from gradpath.submissions.unchanged import is_skeleton

    submissions, ignored = find(chosen, slugs())
    if given and ignored and any(path.is_file() for path in chosen):
        raise GradpathError(f"{ignored[0]}; assignments: {', '.join(slugs())}")
    if not submissions:
        example = (named_here or slugs())[0]
        raise GradpathError(
            f"no assignment here; give a file, or change to the folder with {example}.py"
        )
    submissions.sort(key=lambda each: slugs().index(each.assignment))
    out = out or console()
    found = {each.assignment for each in submissions}
    missing = [slug for slug in named_here if slug not in found]
    # An untouched skeleton needs no list of functions that are not written.
    several = not given and len(submissions) > 1
    idle = [each for each in submissions if is_skeleton(each)] if several else []
    submissions = [each for each in submissions if each not in idle]
    if plot is not None and len(submissions) > 1:
        raise GradpathError("--plot draws one assignment; name the file to draw")
    if missing:
        out.print(f"No file here for: {', '.join(missing)}", style="yellow", markup=False)
    if idle:
        names = ", ".join(each.assignment for each in idle)
        out.print(f"Nothing is written yet in: {names}", style="dim", markup=False)
    if submissions and (missing or idle):
        out.print()
    passed = not missing and not idle
    for submission in submissions:
        full = _check_one(submission, started.pop(submission.assignment, None), out, plot)
        passed = passed and full
        if submission is not submissions[-1]:
            out.print()
    return 0 if passed else 1


def _answer(files: Sequence[Path], form: Format, target: Path | None) -> int:
    """Check one submission, and answer in the form of a platform."""
    from gradpath.course.settings import slugs
    from gradpath.frontends.platforms.answer import answer_of
    from gradpath.student.check import LocalCheck
    from gradpath.submissions.find import find

    submissions, _ = find(files, slugs()) if files else ([], [])
    if len(submissions) != 1:
        found = ", ".join(submission.file for submission in submissions) or "there is none"
        raise GradpathError(f"--as answers about one file; name it ({found})")
    (submission,) = submissions
    check = LocalCheck(submission)
    try:
        graded = check.graded()
        picture = ""
        if form.has_picture and graded.result.status == "graded":
            from gradpath.student.picture import address_of_runs

            picture = address_of_runs(submission.assignment, graded.observations)
        # There is no hidden check to show.
        answers.write(form.files(answer_of(graded.result, "all", picture)), form, target)
    finally:
        check.close()
    return 0


def _check_one(
    submission: Submission, started: ProcessTree | None, out: Console, plot: Path | None
) -> bool:
    """Check a submission, print its result, and return whether it has all public points."""
    from gradpath.student.check import LocalCheck

    check = LocalCheck(submission, started)
    try:
        graded = check.run()
        full = show_result(graded.result, out)
        if plot is not None:
            from gradpath.student.picture import draw_runs

            draw_runs(submission.assignment, graded.observations, plot)
    except SubmissionError as error:
        raise GradpathError(f"{submission.file}: {error}") from None
    finally:
        check.close()
    return full


def show_result(result: Result, out: Console) -> bool:
    """Print the result of a check, and return whether it has all public points."""
    from gradpath.cli.terminal import clean, points_text, print_result
    from gradpath.course.settings import read_settings

    settings = read_settings(result.assignment)
    out.print(f"{clean(result.file)}: {settings.title}", style="bold", markup=False)
    if result.message:
        out.print(f"Note: {clean(result.message)}", style="yellow", markup=False)
    print_result(result, out, every_check=True)
    full = result.score == result.max_score
    total = points_text(sum(settings.points.values()))
    out.print(
        f"Public score: {points_text(result.score)} of {points_text(result.max_score)} "
        f"({total} with the hidden checks)",
        style="green" if full else "yellow",
    )
    return full

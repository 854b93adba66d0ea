"""gradpath check: what students run."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click

from gradpath.errors import GradpathError, SubmissionError


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE ...]", type=click.Path(path_type=Path))
@click.option(
    "--plot",
    metavar="PICTURE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw your run over the expected one into this file (.png, .svg, .pdf).",
)
def command(files: tuple[Path, ...], plot: Path | None) -> int:
    """Check your own files with the public checks.

    FILE is a file named after an assignment (hand_gradients.py or .ipynb); without any, all such
    files in this folder are checked. You see which checks pass, the first step at which a run
    leaves the expected one, a hint where the numbers look like a known mistake, and your public
    score. The final grade has hidden checks on other data besides.

    \b
    Examples:
      gradpath check
      gradpath check hand_gradients.py
      gradpath check rosenbrock.py --plot valley.png

    Exit status: 0 all passed, 1 something failed, 2 the file cannot be checked.
    """
    from gradpath.engine import launch
    from gradpath.names import match
    from gradpath.settings import slugs

    if plot is not None and plot.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise GradpathError(f"{plot}: the picture's name must end in .png, .svg or .pdf")
    chosen = list(files) or [
        path for path in sorted(Path().iterdir()) if path.suffix in (".py", ".ipynb")
    ]
    # The first worker imports torch while this process imports what it needs itself.
    named = (match(path.name, slugs())[0] for path in chosen if path.is_file())
    first = next((slug for slug in named if slug is not None), None)
    worker = launch.for_check(first) if first is not None else None
    try:
        return _check(chosen, files, plot, {first: worker} if first and worker else {})
    finally:
        if worker is not None and worker.poll() is None:
            worker.kill()
            worker.wait()


def _check(
    chosen: list[Path],
    given: tuple[Path, ...],
    plot: Path | None,
    started: dict[str, subprocess.Popen[bytes]],
) -> int:
    from gradpath.cli.terminal import clean, console, points, print_result
    from gradpath.local import LocalCheck
    from gradpath.settings import slugs
    from gradpath.submissions import find

    submissions, ignored = find(chosen, slugs())
    if given and ignored:
        raise GradpathError(f"{ignored[0]}; assignments: {', '.join(slugs())}")
    if not submissions:
        raise GradpathError(
            f"no assignment here; give a file, or change to the folder with {slugs()[0]}.py"
        )
    if plot is not None and len(submissions) > 1:
        raise GradpathError("--plot draws one assignment; name the file to draw")
    out = console()
    passed = True
    for submission in submissions:
        check = LocalCheck(submission, started.pop(submission.assignment, None))
        try:
            result = check.run()
            title = check.assignment.settings.title
            out.print(f"{clean(submission.file)}: {title}", style="bold", markup=False)
            if result.message:
                out.print(f"Note: {clean(result.message)}", style="yellow", markup=False)
            print_result(result, out, every_check=True)
            full = result.score == result.max_score
            passed = passed and full
            total = points(sum(check.assignment.settings.points.values()))
            out.print(
                f"Public score: {points(result.score)} of {points(result.max_score)} "
                f"({total} with the hidden checks)",
                style="green" if full else "yellow",
            )
            if plot is not None:
                from gradpath.plots import draw_check

                draw_check(check, plot)
                out.print(f"Picture: {plot}", markup=False)
            elif len(submissions) > 1:
                out.print()
        except SubmissionError as error:
            raise GradpathError(f"{submission.file}: {error}") from None
        finally:
            check.close()
    return 0 if passed else 1

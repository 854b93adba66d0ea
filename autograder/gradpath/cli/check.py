"""gradpath check: what students run."""

from __future__ import annotations

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
    from gradpath.course import slugs
    from gradpath.local import LocalCheck
    from gradpath.submissions import find

    if plot is not None and plot.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise GradpathError(f"{plot}: the picture's name must end in .png, .svg or .pdf")
    chosen = list(files) or [
        path for path in sorted(Path().iterdir()) if path.suffix in (".py", ".ipynb")
    ]
    submissions, ignored = find(chosen, slugs())
    if files and ignored:
        raise GradpathError(f"{ignored[0]}; assignments: {', '.join(slugs())}")
    if not submissions:
        raise GradpathError(
            f"no assignment here; give a file, or change to the folder with {slugs()[0]}.py"
        )
    if plot is not None and len(submissions) > 1:
        raise GradpathError("--plot draws one assignment; name the file to draw")
    # The worker imports torch while this process gets ready: they share the waiting.
    checks = [LocalCheck(submission) for submission in submissions[:1]]
    from gradpath.cli.terminal import clean, console, points, print_result

    out = console()
    everything_passed = True
    for number, submission in enumerate(submissions):
        if number + 1 < len(submissions):
            checks.append(LocalCheck(submissions[number + 1]))
        check = checks[number]
        try:
            out.print(f"{clean(submission.file)}: {check.assignment.settings.title}", style="bold")
            result = check.run()
        except SubmissionError as error:
            for started in checks[number:]:
                started.close()
            raise GradpathError(f"{submission.file}: {error}") from None
        if result.message:
            out.print(f"Note: {clean(result.message)}", style="yellow", markup=False)
        print_result(result, out, every_check=True)
        passed = result.score == result.max_score
        everything_passed = everything_passed and passed
        total = points(sum(check.assignment.settings.points.values()))
        out.print(
            f"Public score: {points(result.score)} of {points(result.max_score)} "
            f"({total} with the hidden checks)",
            style="green" if passed else "yellow",
        )
        out.print()
        if plot is not None:
            from gradpath.plots import draw_check

            draw_check(check, plot)
            out.print(f"Picture: {plot}")
        check.close()
    return 0 if everything_passed else 1

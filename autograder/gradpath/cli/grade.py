"""gradpath grade: what staff run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gradpath.container_run import ContainerRun


@click.command("grade")
@click.argument("paths", nargs=-1, metavar="PATH ...", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for results.jsonl and grades.csv; it is made if it is missing.",
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
@click.option("--explain", is_flag=True, help="Print the reason for every lost point.")
def command(
    paths: tuple[Path, ...],
    out: Path | None,
    jobs: int | None,
    only: tuple[str, ...],
    hidden: bool,
    secret: str | None,
    secret_file: Path | None,
    image: str | None,
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

    \b
    Examples:
      gradpath grade submissions --out results --secret-file release.secret
      gradpath grade cohort.zip --out results --assignment rosenbrock --explain
      gradpath grade s01/hand_gradients.py --out results --public
      gradpath grade submissions --out results --secret-file release.secret --docker

    Exit status: 0 when every submission got a result, however bad; 2 for wrong words or paths.
    """
    from gradpath.cli.terminal import clean, console, print_result, progress
    from gradpath.course import load, slugs
    from gradpath.errors import GradpathError
    from gradpath.isolation import level
    from gradpath.report import print_summary
    from gradpath.results import Result
    from gradpath.run import Run, default_jobs
    from gradpath.settings_file import find_secret
    from gradpath.submissions import find
    from gradpath.writers import grades_csv, results_jsonl, write_files

    if not paths:
        if image and Path(image).exists():
            from gradpath.container_run import missing_image

            raise GradpathError(missing_image(image))
        raise click.UsageError("Missing argument 'PATH ...'", click.get_current_context())
    if out is None:  # asked for after the PATHs, which are the first thing to type
        raise click.UsageError("Missing option '--out'", click.get_current_context())
    for slug in only:
        load(slug)
    seed = find_secret(secret, secret_file, Path()) if hidden else ""
    if out.exists() and not out.is_dir():
        raise GradpathError(f"{out} is a file; --out needs a folder")
    submissions, ignored = find(paths, slugs(), only)
    notes = console(stderr=True)
    for line in ignored[:20]:
        notes.print(clean(line), style="yellow", markup=False)
    if len(ignored) > 20:
        notes.print(f"... and {len(ignored) - 20} more files left out", style="yellow")
    if not submissions:
        wanted = ", ".join(f"{slug}.py" for slug in (only or slugs()))
        raise GradpathError(f"no submissions found; they are named {wanted} (or .ipynb)")

    taken = [slug for slug in slugs() if any(each.assignment == slug for each in submissions)]
    count = min(jobs or default_jobs(), len(submissions))
    shown = console()
    run: Run | ContainerRun
    if image is None:
        run = Run(taken, seed, public_only=not hidden, jobs=count)
    else:
        from gradpath.container_run import ContainerRun
        from gradpath.containers import default_tag

        run = ContainerRun(
            *(image or default_tag(), paths, only, taken, seed),
            public_only=not hidden,
            jobs=count,
        )
    with (
        run,
        progress("grading", len(submissions), shown) as bar,
    ):
        done = 0

        def tick(_: Result) -> None:
            nonlocal done
            done += 1
            if bar is not None:
                bar.advance(bar.task_ids[0])
            elif done % 100 == 0 or done == len(submissions):
                shown.print(f"graded {done} of {len(submissions)}")

        results = run.grade_all(submissions, tick)
    write_files(
        out,
        {
            "results.jsonl": results_jsonl(results),
            "grades.csv": grades_csv(results, only or slugs()),
        },
    )
    if explain:
        for result in results:
            head = f"{result.student} / {result.assignment}"
            shown.print(f"\n{clean(head)}", style="bold", markup=False)
            if result.message:
                shown.print(clean(result.message), style="yellow", markup=False)
            if result.status == "graded" and result.score == result.max_score:
                shown.print("  all points", style="green")
            print_result(result, shown, every_check=False)
    print_summary(results, taken, shown)
    for problem in run.problems:
        text = f"the grader failed, please grade by hand and report: {problem}"
        shown.print(clean(text), style="red", markup=False)
    isolation = level() if isinstance(run, Run) else run.isolation
    shown.print(f"isolation level {isolation.level}: {isolation.text}", style="dim")
    shown.print(f"wrote {out / 'results.jsonl'} and {out / 'grades.csv'}", markup=False)
    return 0

"""The small commands of authors: new, skeletons, figures, play, record and documented."""

from __future__ import annotations

from pathlib import Path

import click

from gradpath.cli.language import LANGUAGE, files_in


@click.command("new")
@click.argument("slug", metavar="SLUG")
@click.option("--title", metavar="TEXT", default="", help="What students and course sites read.")
def new(slug: str, title: str) -> int:
    """Write the files of a new assignment into this checkout.

    SLUG names the module that students hand in: small letters, digits and underscores. The files
    hold one function that is worked out, with its checks and a known mistake, and blanks marked
    TODO(author). `gradpath verify SLUG` names each blank that is left; docs/authoring.md goes from
    here to a release.

    \b
    Examples:
      gradpath new weight_decay
      gradpath new weight_decay --title "Weight decay: a pull towards zero"

    Exit status: 0 written, 2 not, with the reason.
    """
    from gradpath.authoring.blanks import blanks_of
    from gradpath.authoring.new import write_assignment
    from gradpath.course.settings import course_root

    for path in write_assignment(slug, title):
        click.echo(f"wrote {path.relative_to(course_root())}")
    count = len(blanks_of(slug))
    click.echo(f"{count} blanks are marked TODO(author): `gradpath verify {slug}` names them")
    return 0


@click.command("skeletons")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is out of step.")
@click.option("--language", metavar="CODE", default="en", help="Write into build/CODE instead.")
def skeletons(slugs: tuple[str, ...], check: bool, language: str) -> int:
    """Generate assignments/SLUG/SLUG.py and README.md from the masters in solutions/.

    With --language, the same files in another language are written into build/CODE/SLUG, to look
    at them, and the notebook besides; a section or docstring without a translation is English
    there.

    Exit status: 0 in step, 1 with --check when a file differs, 2 no such assignment.
    """
    from gradpath.authoring.student_notebook import notebook_for_check
    from gradpath.course.config import language_of
    from gradpath.course.load import must_exist
    from gradpath.course.load import slugs as all_slugs
    from gradpath.course.master import generated_files
    from gradpath.text.languages import ENGLISH

    spoken = language_of(language)
    stale = False
    for slug in slugs or all_slugs():
        must_exist(slug)  # no more than that: its checks may still be to be written
        files = generated_files(slug, spoken)
        if spoken is not ENGLISH:
            path = next(path for path in files if path.suffix == ".py").with_suffix(".ipynb")
            files[path] = notebook_for_check(slug, language=spoken).decode()
        for path, text in files.items():
            if path.is_file() and path.read_text("utf-8") == text:
                continue
            stale = True
            if check:
                click.echo(f"{path} is out of step with the master; run `gradpath skeletons`")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
                click.echo(f"wrote {path}")
    return 1 if check and stale else 0


@click.command("figures")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
@click.option("--language", metavar="CODE", default="en", help="Labels in this language.")
def figures(slugs: tuple[str, ...], language: str) -> int:
    """Draw the pictures that the assignments' texts refer to.

    Runs the solutions on the data of the texts and writes assignments/SLUG/figures/*.png, with
    --language assignments/SLUG/figures/CODE/*.png. The same solutions and fonts give the same bytes
    on every run. Run it after a change to a master; a release in a language takes the English
    picture where there is no other.

    \b
    Examples:
      gradpath figures
      gradpath figures rosenbrock --language zh

    Exit status: 0 drawn, 2 no such assignment, its solution is not here, or no font has the letters
    of the language.
    """
    from gradpath.authoring.figures import draw
    from gradpath.course.config import language_of
    from gradpath.course.figures import with_pictures

    spoken = language_of(language)
    for slug in slugs or with_pictures():
        for path in draw(slug, language=spoken):
            click.echo(f"wrote {path} ({path.stat().st_size / 1000:.0f} kB)")
    return 0


@click.command("play")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/play"),
    show_default=True,
    help="Folder for the pages.",
)
@LANGUAGE
def play(slugs: tuple[str, ...], out: Path, language: str | None) -> int:
    """Make the assignments' pages to play with, as `gradpath release` puts them into bundles.

    The source of a page is `play.js` in the assignment's folder, within the frame that all pages
    share. Each page is one file; open it in a browser.

    \b
    Examples:
      gradpath play
      gradpath play rosenbrock --out /tmp/pages
      gradpath play --language zh --out build/play-zh

    Exit status: 0 written, 2 no such assignment, or one without a page.
    """
    from gradpath.authoring.play.page import write_pages

    with files_in(language):
        paths = write_pages(slugs, out)
    for path in paths:
        click.echo(f"wrote {path} ({path.stat().st_size / 1000:.0f} kB)")
    return 0


@click.command("record")
@click.argument("slugs", nargs=-1, metavar="[SLUG ...]")
def record(slugs: tuple[str, ...]) -> int:
    """Record what the solution and the known mistakes give on the public checks, and the skeleton.

    `gradpath check` compares with these numbers, so that a student's machine needs no solution.
    Run it after every change to a master, to public checks or to misconceptions; a test fails when
    a recording is out of step.
    """
    from gradpath.cohort.run import Run
    from gradpath.course import recorded
    from gradpath.course.load import load
    from gradpath.course.load import slugs as all_slugs
    from gradpath.course.master import skeleton_of
    from gradpath.grading import recorded_oracle
    from gradpath.grading.oracle import plan_of

    chosen = slugs or all_slugs()
    for slug in chosen:
        load(slug)
    with Run(chosen, "", public_only=True) as run:
        for slug in chosen:
            assignment = run.assignments[slug]
            plan, skeleton = plan_of(assignment, ""), skeleton_of(slug)
            recording = recorded_oracle.record(assignment.points, plan, run.oracle(slug), skeleton)
            path = recorded.path_of(slug)
            path.write_bytes(recorded.pack(recording))
            click.echo(f"wrote {path} ({path.stat().st_size / 1000:.0f} kB)")
    return 0


@click.command("documented")
def documented() -> int:
    """Show that the documented figures are reproduced.

    Runs the solutions on the data of the source articles and lays what they give now beside what
    the articles print. Of a sequence the first entries are shown, everything that differs, and a
    summary of the whole.

    Exit status: 0 all agree, 1 something differs.
    """
    from rich.table import Table
    from rich.text import Text

    from gradpath.authoring.documented import not_reproducible, reproduce
    from gradpath.cli.terminal import console

    out = console()
    if not out.is_terminal:
        out.width = 200  # a pipe has no width: nothing shall be wrapped there
    rows = list(reproduce())
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("figure")
    table.add_column("documented", justify="right", no_wrap=True)
    table.add_column("computed", justify="right", no_wrap=True)
    table.add_column("agreement")
    previous = ""
    for row in rows:
        if row.assignment != previous:
            table.add_row(row.assignment, style="bold")
            previous = row.assignment
        style = "red" if not row.agrees else "" if row.computed else "green"
        cells = (f" {row.figure}", row.documented, row.computed, row.agreement)
        table.add_row(*map(Text, cells), style=style)
    out.print(table)
    out.print()
    out.print("Not reproducible:", style="bold")
    for part in not_reproducible():
        out.print(f"{part.part}: {part.reason}", markup=False)
    out.print()
    wrong = sum(not row.agrees for row in rows)
    differ = "1 row differs" if wrong == 1 else f"{wrong} rows differ"
    verdict = f"documented: {differ if wrong else 'all agree'}"
    out.print(verdict, style="bold red" if wrong else "bold green")
    return 1 if wrong else 0

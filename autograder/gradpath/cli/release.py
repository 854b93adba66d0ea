"""gradpath release: the bundles that an instructor hands out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradpath.authoring.release.platforms import PLATFORMS
from gradpath.cli import options
from gradpath.course.config import CHOICES, Hidden

if TYPE_CHECKING:
    from rich.console import Console

    from gradpath.authoring.verify import Report
    from gradpath.frontends.nbgrader.notebook import Answers


@click.command("release")
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder for the release: new, empty, or a former release, which is replaced.",
)
@options.SECRET
@options.SECRET_FILE
@click.option("--jobs", metavar="N", type=click.IntRange(1, 256), help="Threads (default: cores).")
@click.option(
    "--hidden-before",
    type=click.Choice(CHOICES),
    help="Shown of hidden checks before the due date (default: as gradpath.toml says).",
)
@click.option(
    "--hidden-after",
    type=click.Choice(CHOICES),
    help="Shown of them after it, and in nbgrader's feedback (default: as gradpath.toml says).",
)
@click.option(
    "--nbgrader-answers",
    type=click.Choice(["cells", "file"]),
    default="cells",
    show_default=True,
    help="Where students write in nbgrader: in the notebook, or in a .py file beside it.",
)
@click.option(
    "--platform",
    "platforms",
    type=click.Choice(sorted(PLATFORMS)),
    multiple=True,
    help="Add a folder to upload for this platform; can be given several times.",
)
@click.option(
    "--language",
    "codes",
    multiple=True,
    metavar="CODE",
    help="A language, such as zh (default: `language` in gradpath.toml, or English); with several, "
    "the first is that of everything, and the texts are there in the others, too.",
)
def command(
    out: Path,
    secret: str | None,
    secret_file: Path | None,
    jobs: int | None,
    hidden_before: Hidden | None,
    hidden_after: Hidden | None,
    nbgrader_answers: Answers,
    platforms: tuple[str, ...],
    codes: tuple[str, ...],
) -> int:
    """Make the bundles for students, for otter, for nbgrader and for staff.

    Writes DIR/student (a zip of the course and one of each assignment: skeletons, notebooks, texts,
    the student edition of gradpath, otter's public tests), DIR/otter (an autograder zip of each
    assignment), DIR/nbgrader (a course folder: copy it to where the course lives), DIR/staff
    (solutions, reports of `verify`, the grading image's files) and DIR/MANIFEST.json with the
    sha256 of everything. --platform adds DIR/PLATFORM/ASSIGNMENT, ready to upload; for
    Classroom 50, which publishes its files, zips in DIR/student. The same course and secret give
    the same bytes.

    Before that, `verify` has to be green, skeletons and recordings in step with the masters, and
    nothing for students may hold a line of a solution, a hidden check or the secret. If anything is
    wrong, nothing is written, and a former release stays as it is.

    The secret seeds the data of the hidden checks. Give it with --secret or --secret-file, in the
    variable GRADPATH_SECRET, or as `secret = "..."` in a file gradpath.toml in this folder; grade
    with the same one. The zips for otter, nbgrader's folder and those of platforms have it in them.

    Students' notebooks install the student edition where it is missing: from the zip that they lie
    in, and from the address `packages = "https://..."` in [release] of gradpath.toml, if there is
    one. This is a page with a link to the wheel, or the wheel itself.

    With --language zh, all bundles are in Chinese: texts, skeletons, notebooks, READMEs, and the
    answers of checks on students' machines and in grading. Every entry of the language's catalogues
    has to be in order. With another --language, the texts are there in that one as well, and
    students choose in gradpath.toml, or with --language of `gradpath check`.

    Without a setting, hidden checks are not shown before the due date, and all of them afterwards.
    Of all, outcomes, names and none, `gradpath feedback --help` tells the meaning. Gradescope takes
    nothing back that it shows before the due date.

    \b
    Examples:
      gradpath release --out dist --secret-file release.secret
      gradpath release --out dist --secret-file release.secret --hidden-before names
      gradpath release --out dist --secret-file s --platform prairielearn --platform vpl
      gradpath release --out dist --secret-file s --language zh --language en

    Exit status: 0 written, 2 refused, with the reason.
    """
    from gradpath.authoring.release import bundles, gates
    from gradpath.authoring.release.archives import entry_time
    from gradpath.authoring.release.folder import refuse_other_contents, write_release
    from gradpath.cli.terminal import console
    from gradpath.cohort.run import default_jobs
    from gradpath.course.config import FeedbackSettings, find_secret, language_of, read_config
    from gradpath.text.languages import ENGLISH

    seed = find_secret(secret, secret_file, Path(), otherwise="")
    config = read_config(Path())
    codes = codes or (config.language or ENGLISH.code,)
    languages = [language_of(code) for code in dict.fromkeys(codes)]
    feedback = FeedbackSettings(
        hidden_before or config.feedback.before, hidden_after or config.feedback.hidden_after
    )
    out = out.absolute()
    entry_time()  # a wrong SOURCE_DATE_EPOCH is said now, not in a minute
    refuse_other_contents(out)
    gates.refuse_blanks()
    gates.refuse_stale_texts()
    gates.refuse_incomplete(languages)
    shown = console()
    # The quick checks come before the minute that `verify` takes.
    students = bundles.for_students(config.release.packages, platforms, languages)
    gates.refuse_leaking(students, seed)
    shown.print("nothing in the students' bundles tells an answer")
    gates.refuse_stale_recordings(jobs or default_jobs())
    shown.print("skeletons, texts and recordings are in step with the masters")
    reports = _verified(seed, jobs or default_jobs(), shown)
    shown.print("verify: all green")
    staff = bundles.for_staff(
        seed, feedback, reports, nbgrader_answers, platforms, config.due, languages[0]
    )
    files = bundles.with_manifest({**students, **staff})
    write_release(out, files)
    _print_written(out, {path: len(data) for path, data in files.items()}, shown)
    return 0


def _verified(secret: str, jobs: int, shown: Console) -> list[Report]:
    from gradpath.authoring.release.gates import count_trials, refuse_wrong_graders
    from gradpath.cli.terminal import progress

    with progress("verifying", count_trials(), shown) as bar:
        step = (lambda _: bar.advance(bar.task_ids[0])) if bar is not None else lambda _: None
        return refuse_wrong_graders(secret, jobs, step)


_USES = {
    "student/gradpath-course.zip": "for students: the whole course",
    "student": "for students: one assignment",
    "otter": "for otter and Gradescope; has the secret in it",
    "nbgrader": "for nbgrader: a course folder; has the secret in it",
    "staff": "for staff: solutions, reports, grading image",
    "MANIFEST.json": "for staff: versions, sha256 of everything",
    **{
        name: platform.use if platform.public else f"{platform.use}; has the secret in it"
        for name, platform in PLATFORMS.items()
    },
}


def _by_bundle(sizes: dict[str, int]) -> dict[str, int]:
    """Take the files of a folder together that people copy as a whole: nbgrader's, platforms'."""
    bundles: dict[str, int] = {}
    for path, size in sizes.items():
        top = path.partition("/")[0]
        name = f"{top}/" if top in ("nbgrader", *PLATFORMS) else path
        bundles[name] = bundles.get(name, 0) + size
    return bundles


def _print_written(out: Path, sizes: dict[str, int], shown: Console) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("file", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("what to do with it")
    for path, size in sorted(_by_bundle(sizes).items()):
        folder, _, name = path.partition("/")
        use = _USES.get(path) or _USES.get(name.partition("-")[0]) or _USES[folder]
        table.add_row(path, f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.0f} kB", use)
    shown.print()
    shown.print(table)
    shown.print(f"wrote {len(sizes)} files to {out}", markup=False)

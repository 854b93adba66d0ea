"""gradpath check: the students' command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradpath.cli import answers
from gradpath.cli.language import LANGUAGE, speak_in
from gradpath.errors import GradpathError, SubmissionError
from gradpath.frontends.platforms.formats import FORMATS
from gradpath.text.languages import Language, languages, shown_language, tell
from gradpath.text.messages import Message, joined

if TYPE_CHECKING:
    from rich.console import Console

    from gradpath.engine.process_tree import ProcessTree
    from gradpath.frontends.platforms.answer import Format
    from gradpath.submissions.submission import Submission


@click.command("check")
@click.argument("files", nargs=-1, metavar="[FILE ...]", type=click.Path(path_type=Path))
@click.option(
    "--plot",
    metavar="PICTURE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw your run over the expected one into this file (.png, .svg, .pdf).",
)
@click.option("--all", "every_check", is_flag=True, help="Show every check in full.")
@click.option(
    "--as", "name", type=click.Choice(list(FORMATS)), help="Answer in this form, for a platform."
)
@LANGUAGE
@answers.TO
def command(
    files: tuple[Path, ...],
    plot: Path | None,
    every_check: bool,
    name: str | None,
    language: str | None,
    target: Path | None,
) -> int:
    """Check your own files with the public checks.

    FILE is a file named after an assignment (hand_gradients.py or .ipynb). Without any, all such
    files are checked that are in this folder, or in folders named after an assignment. You see
    how many functions are right, and then the next thing to do: the first step at which a run
    leaves the expected one, a hint where the numbers look like a known mistake, and the text that
    your function printed. The other functions have a line each. The final grade has hidden checks
    on other data besides.

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
    speak_in(language, for_files=name is not None)
    if target is not None and name is None:
        raise GradpathError(Message("--to needs --as FORMAT; --plot takes the path of a picture"))
    if name is not None:
        return _answer(files, FORMATS[name], target)
    wish = Wish([] if plot is None else [plot], every_check=every_check)
    status = check_files(files, wish)
    if plot is not None:
        from gradpath.course.style import lacks_fonts

        wish.out.print(tell(Message("Picture: {path}", path=plot)), markup=False)
        if note := lacks_fonts():
            wish.out.print(tell(note), style="yellow", markup=False)
    return status


@dataclass(frozen=True)
class Wish:
    """The form of the results: the pictures to draw, how much is printed, and where."""

    pictures: Sequence[Path] = ()
    every_check: bool = False
    recorder: Console | None = None

    @cached_property
    def out(self) -> Console:
        """The console: that of the terminal by default, imported when the worker is on its way."""
        from gradpath.cli.terminal import console

        return self.recorder or console()


def check_files(files: Sequence[Path], wish: Wish) -> int:
    """Check files and print the results.

    Args:
        files: the files; none for those that are begun in this folder.
        wish: how to show the results.

    Returns:
        The command's exit status.

    Raises:
        GradpathError: there is nothing to check, or it cannot be checked.
    """
    from gradpath.course.settings import slugs
    from gradpath.student.launch import for_check, missing_library
    from gradpath.submissions.names import match

    for picture in wish.pictures:
        must_be_picture(picture)
    named_here = () if files else _named_here()
    chosen = list(files) or _files_here(named_here or slugs())
    # The first worker imports torch while this process does its own imports.
    named = (match(path.name, slugs())[0] for path in chosen if path.is_file())
    first = next((slug for slug in named if slug and not missing_library(slug)), None)
    worker = for_check(first) if first is not None else None
    try:
        started = {first: worker} if first and worker else {}
        return _check(chosen, bool(files), named_here, started, wish)
    finally:
        if worker is not None and worker.poll() is None:
            worker.kill()
            worker.wait()


def must_be_picture(plot: Path | None) -> None:
    """Refuse a picture's name whose suffix names no format."""
    if plot is not None and plot.suffix.lower() not in (".png", ".svg", ".pdf"):
        raise GradpathError(
            Message("{path}: the picture's name must end in .png, .svg or .pdf", path=plot)
        )


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
    started: dict[str, ProcessTree],
    wish: Wish,
) -> int:
    from gradpath.course.settings import slugs
    from gradpath.submissions.find import find
    from gradpath.submissions.unchanged import is_skeleton

    if given and (slip := _slip(chosen)):
        raise GradpathError(
            Message("{file} is named after no assignment; {advice}", file=slip[0], advice=slip[1])
        )
    submissions, ignored = find(chosen, slugs())
    if given and ignored and any(path.is_file() for path in chosen):
        raise GradpathError(
            Message("{reason}; assignments: {names}", reason=ignored[0], names=", ".join(slugs()))
        )
    if not submissions:
        raise GradpathError(_nothing_here(named_here or slugs()))
    submissions.sort(key=lambda each: slugs().index(each.assignment))
    found = {each.assignment for each in submissions}
    missing = [slug for slug in named_here if slug not in found]
    # An untouched skeleton needs no list of functions that are not written.
    several = not given and len(submissions) > 1
    idle = [each for each in submissions if is_skeleton(each)] if several else []
    begun = [each for each in submissions if each not in idle]
    if wish.pictures and len(begun) > 1:
        raise GradpathError(Message("--plot draws one assignment; name the file to draw"))
    barred = _without_library([each.assignment for each in begun])
    ready = [each for each in begun if each.assignment not in barred]
    if begun and not ready:
        raise GradpathError(joined("; ", dict.fromkeys(barred.values())))
    passed = not missing and not idle and not barred
    for submission in ready:
        full = _check_one(submission, started.pop(submission.assignment, None), chosen, wish)
        passed = passed and full
        if submission is not ready[-1] or missing or idle or barred:
            wish.out.print()
    _print_others(missing, [each.assignment for each in idle], barred, wish.out)
    if not begun:
        first = _text_of(idle[0].assignment, chosen)
        wish.out.print(tell(Message("Begin with {text}.", text=first)), markup=False)
    return 0 if passed else 1


def _nothing_here(slugs: Sequence[str]) -> str:
    """Return why there is nothing to check."""
    if slip := _slip(sorted(Path().iterdir())):
        return Message("no assignment here; {advice}", advice=slip[1])
    return Message(
        "no assignment here; give a file, or change to the folder with {slug}.py", slug=slugs[0]
    )


def _slip(paths: Sequence[Path]) -> tuple[Path, str] | None:
    """Return the first file whose name has a slip of the finger, and the advice to rename it."""
    from gradpath.course.settings import slugs
    from gradpath.submissions.names import match, nearest, suffix_of
    from gradpath.text import printable

    for path in paths:
        if suffix_of(path.name) and path.is_file() and match(path.name, slugs())[0] is None:
            near = nearest(path.name, slugs())
            if near:
                return path, Message(
                    "is {file} meant to be {name}? Rename it",
                    file=printable(path.name),
                    name=near,
                )
    return None


def _without_library(slugs: Sequence[str]) -> dict[str, str]:
    """Return the assignments that need a library which is not installed, and a sentence on each."""
    from gradpath.student.launch import lacking, missing_library

    missing = {slug: library for slug in slugs if (library := missing_library(slug))}
    return {
        slug: lacking([other for other in missing if missing[other] == library], library)
        for slug, library in missing.items()
    }


def _print_others(
    missing: Sequence[str],
    idle: Sequence[str],
    barred: Mapping[str, str],
    out: Console,
) -> None:
    """Print a line on assignments that are not checked: no file, nothing written, no library."""
    if missing:
        text = Message("No file here for: {names}", names=joined(", ", missing))
        out.print(tell(text), style="yellow", markup=False)
    if idle:
        text = Message("Nothing is written yet in: {names}", names=joined(", ", idle))
        out.print(tell(text), style="dim", markup=False)
    for sentence in dict.fromkeys(barred.values()):
        text = Message("Not checked: {reason}", reason=sentence)
        out.print(tell(text), style="yellow", markup=False)


def _text_of(slug: str, chosen: Sequence[Path]) -> str:
    """Return the path of an assignment's text, which lies beside its files."""
    from gradpath.course.settings import read_settings

    title = read_settings(slug).title
    heads = tuple(f"# {Language(code).text(title, slug)}\n" for code in languages())
    names = (f"README.{shown_language().code}.md", "README.md")
    for path in chosen:
        folder = path if path.is_dir() else path.parent
        for text in (place / name for name in names for place in (folder, folder / slug)):
            if text.is_file() and text.read_text("utf-8", "replace").startswith(heads):
                return str(text)
    return Message("the text of {slug}", slug=slug)


def _answer(files: Sequence[Path], form: Format, target: Path | None) -> int:
    """Check one submission, and answer in the form of a platform."""
    from gradpath.course.settings import slugs
    from gradpath.frontends.platforms.answer import answer_of
    from gradpath.student.check import LocalCheck
    from gradpath.submissions.find import find

    submissions, _ = find(files, slugs()) if files else ([], [])
    if len(submissions) != 1:
        found = ", ".join(submission.file for submission in submissions) or Message("there is none")
        raise GradpathError(Message("--as answers about one file; name it ({found})", found=found))
    (submission,) = submissions
    check = LocalCheck(submission)
    try:
        graded = check.graded()
        picture, steps = "", {}
        if form.has_picture and graded.result.status == "graded":
            from gradpath.student.picture import address_of_runs

            picture = address_of_runs(submission.assignment, graded.observations)
            steps = check.expected.steps_of(graded.result, graded.observations)
        # There is no hidden check to show.
        answers.write(form.files(answer_of(graded.result, "all", picture, steps)), form, target)
    finally:
        check.close()
    return 0


def _check_one(
    submission: Submission, started: ProcessTree | None, chosen: Sequence[Path], wish: Wish
) -> bool:
    """Check a submission, print its result, and return whether it has all public points."""
    from gradpath.cli.standing import print_standing
    from gradpath.student.check import LocalCheck

    check = LocalCheck(submission, started)
    try:
        graded = check.run()
        full = print_standing(
            graded,
            wish.out,
            every_check=wish.every_check,
            begin=_text_of(submission.assignment, chosen),
        )
        if wish.pictures:
            from gradpath.student.picture import draw_runs

            draw_runs(submission.assignment, graded.observations, wish.pictures)
    except SubmissionError as error:
        text = Message("{file}: {error}", file=submission.file, error=error.message)
        raise GradpathError(text) from None
    finally:
        check.close()
    return full

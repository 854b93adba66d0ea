"""%gradpath: the students' command in a notebook, on the cells that were run so far."""

from __future__ import annotations

import contextlib
import functools
import io
import shlex
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

import click
import msgspec
from IPython.display import Image, display
from rich.console import Console

from gradpath.cli.check import Wish, check_files, must_be_picture
from gradpath.cli.help import about_wrong_words
from gradpath.cli.language import speak_in
from gradpath.cli.standing import print_standing
from gradpath.cli.terminal import MAX_PROSE, print_result
from gradpath.course.config import language_of
from gradpath.course.settings import read_settings, slugs
from gradpath.course.style import lacks_fonts
from gradpath.errors import GradpathError
from gradpath.grading.results import Result, function_of, in_language
from gradpath.student.session import definitions, graded_cells, session_cells
from gradpath.submissions.names import match, suffix_of
from gradpath.text import printable, question
from gradpath.text.languages import shown_language, speak, tell
from gradpath.text.messages import Message, joined

_ABOVE: Final = Message("the text above")
_PAGE: Final = '<pre style="white-space: pre-wrap">{code}</pre>'


def add_magic(shell: Any) -> None:
    """Add `%gradpath` to an IPython shell; it speaks the language of the folder's gradpath.toml."""
    with contextlib.suppress(GradpathError):  # of damaged settings, each check tells
        speak_in(None, for_files=True)
    shell.register_magic_function(run_line, "line", "gradpath")


def run_line(line: str) -> None:
    """Run the words behind `%gradpath`; an error of the user's is one line."""
    try:
        magic.main(shlex.split(line), prog_name="%gradpath", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
    except click.ClickException as error:
        click.echo(f"gradpath: {tell(about_wrong_words(error, '%gradpath'))}")
    except (GradpathError, ValueError) as error:  # shlex: quotes that do not close
        text = error.message if isinstance(error, GradpathError) else str(error)
        click.echo(f"gradpath: {printable(tell(text))}")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def magic() -> None:
    """Check your notebook, and make the file to hand in."""


@magic.command("check")
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.option(
    "--plot",
    metavar="PICTURE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the picture into this file, too (.png, .svg, .pdf).",
)
@click.option("--all", "every_check", is_flag=True, help="Show every check in full.")
def check(names: tuple[str, ...], plot: Path | None, every_check: bool) -> None:
    """Run the public checks on the cells that were run so far, as `gradpath check` on a file.

    NAME is a function of the assignment: only its checks are shown, in full. The name of the
    assignment comes first, where neither the folder nor the functions say which it is. The name of
    a file has this file checked.

    \b
    Examples:
      %gradpath check
      %gradpath check hand_gradients train
      %gradpath check hand_gradients.py
    """
    must_be_picture(plot)
    files = [Path(name) for name in names if suffix_of(name)]
    if files and len(files) < len(names):
        raise GradpathError(Message("give the names of files, or of functions, not of both"))
    out = _recorder()
    with tempfile.TemporaryDirectory(prefix="gradpath-") as folder:
        picture = Path(folder, "picture.png")
        pictures = [picture] if plot is None else [picture, plot]
        if files:
            drawn = pictures if plot is not None or len(files) == 1 else []
            check_files(files, Wish(drawn, every_check, out))
            _show(out)
        else:
            _check_cells(names, Wish(pictures, every_check, out))
        if picture.is_file():
            _note_fonts(shown_language().code)
            display(Image(picture.read_bytes()))  # type: ignore[no-untyped-call]


def _check_cells(names: Sequence[str], wish: Wish) -> None:
    """Check the cells that were run; show the result, and draw it if there is anything to see."""
    slug, functions = _meant(names)
    graded = graded_cells(slug, tuple(definitions(session_cells())))
    shown = _only(in_language(graded.result, shown_language()), functions)
    if functions:
        print_result(shown, wish.out, every_check=True, printed=graded.printed)
    else:
        print_standing(graded, wish.out, every_check=wish.every_check, begin=_ABOVE)
    _show(wish.out)
    if all(check.outcome in ("not_attempted", "skipped") for check in shown.checks):
        return
    from gradpath.student.picture import draw_runs, plots_for

    if plots_for(slug, functions):
        draw_runs(slug, graded.observations, wish.pictures, functions)


@magic.command("language")
@click.argument("code")
def language(code: str) -> None:
    """Show the checks of this notebook in another language, such as zh or en, from now on."""
    speak(language_of(code))


@magic.command("handin")
@click.argument("assignment", required=False)
def handin(assignment: str | None) -> None:
    """Check the notebook as it is saved, and name the file to hand in.

    On Google Colab, this file is made of the notebook as you see it, and your browser saves it.
    """
    from gradpath.student.handin import download, file_to_hand_in

    slug, functions = _meant([assignment] if assignment else [])
    if functions:
        raise GradpathError(Message("{name} is a function; name the assignment", name=functions[0]))
    path = file_to_hand_in(slug, session_cells())
    out = _recorder()
    check_files([path], Wish(recorder=out))
    text = Message("Hand in: {path}", path=path.resolve())
    out.print(tell(text), style="bold", soft_wrap=True)
    _show(out)
    download(path)


@functools.cache
def _note_fonts(code: str) -> None:
    """Say once for a language if labels in pictures are English for want of a font."""
    if note := lacks_fonts():
        click.echo(f"gradpath: {tell(note)}")


def _recorder() -> Console:
    """Return a console as the command's, which keeps all that is printed on it."""
    return Console(
        file=io.StringIO(), record=True, width=MAX_PROSE, force_jupyter=False,
        highlight=False, emoji=False, markup=False,
    )  # fmt: skip


def _show(out: Console) -> None:
    """Show all that was printed: with colours in a page, plain in a terminal."""
    page = out.export_html(inline_styles=True, code_format=_PAGE, clear=False)
    plain = "\n".join(line.rstrip() for line in out.export_text().splitlines())
    display({"text/html": page, "text/plain": plain}, raw=True)  # type: ignore[no-untyped-call]


def _only(result: Result, functions: Collection[str]) -> Result:
    """Return a result with the checks of these functions; with all, if there are none."""
    checks = [check for check in result.checks if not functions or function_of(check) in functions]
    return msgspec.structs.replace(result, checks=checks)


def _meant(names: Sequence[str]) -> tuple[str, list[str]]:
    """Return the assignment that is meant, and the functions among the names.

    Raises:
        GradpathError: it is not clear which, or a name is neither.
    """
    functions = list(names)
    # An assignment's name may also be that of a function of its own: `rosenbrock`.
    slug = functions.pop(0) if names and names[0] in slugs() else _assignment_here(functions)
    known = list(read_settings(slug).points)
    for name in functions:
        if name not in known:
            near = question(name, known) or Message("it has {names}", names=joined(", ", known))
            raise GradpathError(
                Message("{slug} has no function {name}; {near}", slug=slug, name=name, near=near)
            )
    return slug, functions


def _assignment_here(functions: Sequence[str]) -> str:
    """Return the assignment of this folder, or else the one whose functions were run."""
    here = {match(path.name, slugs())[0] for path in Path().iterdir()} - {None}
    candidates = [slug for slug in slugs() if slug == Path.cwd().name or here == {slug}]
    if not candidates:
        code = "\n".join(definitions(session_cells()))
        scores = {
            slug: sum(f"def {name}(" in code or f"class {name}" in code for name in points)
            for slug in slugs()
            if set(functions) <= set(points := read_settings(slug).points)
        }
        best = max(scores.values(), default=0)
        candidates = [slug for slug, count in scores.items() if count == best > 0]
    if len(candidates) != 1:
        raise GradpathError(
            Message(
                "name the assignment, as in `%gradpath check {example}`; there are: {names}",
                example=slugs()[0],
                names=joined(", ", slugs()),
            )
        )
    return candidates[0]

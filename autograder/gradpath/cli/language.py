"""The option for a language, which commands of students and of staff have."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from gradpath.errors import GradpathError

if TYPE_CHECKING:
    from gradpath.text.languages import Language

LANGUAGE: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = click.option(
    "--language",
    metavar="CODE",
    help="A language, such as zh (default: that of the run or `language` in gradpath.toml).",
)


def speak_in(code: str | None, *, for_files: bool = False) -> str:
    """Show texts in the language of the option, or in that of the folder's gradpath.toml.

    Where neither names one, a terminal has that of the system; files never depend on it.

    Args:
        code: value of the option.
        for_files: whether texts go to files alone.

    Returns:
        The code that the option or the folder names, if one does.

    Raises:
        GradpathError: there are no texts in it.
    """
    from gradpath.course.config import language_of
    from gradpath.text.languages import ENGLISH, speak

    code = code or _of_folder()
    shown = code or ("" if for_files else _of_the_system())
    speak(language_of(shown) if shown else ENGLISH)
    return code


@contextmanager
def files_in(code: str | None) -> Iterator[None]:
    """Show texts in the language of files meanwhile; the terminal's may be another."""
    from gradpath.text.languages import shown_language, speaking

    with speaking(shown_language()):
        speak_in(code, for_files=True)
        yield


def speak_first(argv: Sequence[str]) -> Language:
    """Show help and errors in the language of a command line, before it is parsed.

    Returns:
        The language.
    """
    from gradpath.text.languages import ENGLISH, Language, shown_language, speak

    named = [word.partition("=") for word in argv if word.startswith("--language=")]
    code = named[-1][2] if named else ""
    if "--language" in argv[:-1]:
        code = argv[argv.index("--language") + 1]
    try:
        speak_in(code)
    except GradpathError:  # the command says so, if it reads the option or the file
        speak(Language(_of_the_system() or ENGLISH.code))
    return shown_language()


def _of_folder() -> str:
    """Return the language of this folder's gradpath.toml, or of the one above an assignment's."""
    from gradpath.course.config import read_config
    from gradpath.course.settings import slugs

    here = read_config(Path()).language
    return here or (read_config(Path("..")).language if Path.cwd().name in slugs() else "")


def _of_the_system() -> str:
    """Return the language of the system's settings, if there are texts in it."""
    from gradpath.text.languages import languages

    name = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    full = name.partition(".")[0].partition("@")[0]
    codes = (full, full.partition("_")[0])  # pt_BR, then pt
    return next((code for code in codes if code in languages()), "")

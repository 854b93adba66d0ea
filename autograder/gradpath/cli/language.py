"""The option for a language, which commands of students and of staff have."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

LANGUAGE: Final[Callable[[Callable[..., Any]], Callable[..., Any]]] = click.option(
    "--language",
    metavar="CODE",
    help="A language, such as zh (default: `language` in gradpath.toml, or English).",
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
    from gradpath.text.languages import speak

    code = code or _of_folder()
    shown = code or ("" if for_files else _of_the_system())
    if shown:
        speak(language_of(shown))
    return code


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

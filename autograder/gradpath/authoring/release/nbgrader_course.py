"""The course folder for nbgrader: notebooks, settings, header, an empty list of students."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from gradpath import __version__
from gradpath.authoring.release.archives import Files
from gradpath.authoring.release.course_texts import figures, filled_in, generated_file
from gradpath.course.config import Hidden
from gradpath.course.load import read_settings, slugs
from gradpath.frontends.nbgrader.notebook import Answers, source_notebook
from gradpath.submissions.notebook_cells import METADATA, text_cell
from gradpath.text.languages import ENGLISH, Language
from gradpath.text.messages import Message

FOLDER: Final = "nbgrader"
"""The folder's name in a release. Staff copy it to the course: nbgrader writes into it."""

_FILES: Final = Path(__file__).parent / "nbgrader_files"
_WHERE: Final[Mapping[Answers, str]] = {
    "cells": Message("in the cells of the notebook"),
    "file": Message("in the `.py` file beside it"),
}


def course_files(
    secret: str, hidden: Hidden, answers: Answers, language: Language = ENGLISH
) -> Files:
    """Return the files of the course folder by their path in it.

    Args:
        secret: seeds the hidden data; it stands in the folder's `gradpath.toml`.
        hidden: how much feedback shows of hidden checks.
        answers: where students write.
        language: the language of notebooks and texts; `gradpath.toml` names it, too.

    Raises:
        AuthoringError: a file that belongs into it is missing.
    """
    values = {
        "version": __version__,
        "answers": answers,
        "hidden_checks": hidden,
        "secret": json.dumps(secret, ensure_ascii=False),
        "language": language.code,
        "table": "\n".join(_row(slug, language) for slug in slugs()),
        "all": " ".join(slugs()),
        "example": slugs()[0],
        "where": language.text(_WHERE[answers]),
    }
    files: Files = {}
    for path in sorted(_FILES.iterdir()):
        if path.is_file() and path.name != "header.md":
            # The settings are no Python before they are filled in, so they do not end in .py.
            files[path.name.removesuffix(".in")] = filled_in(path, values, language)
    header = filled_in(_FILES / "header.md", values, language)
    files["source/header.ipynb"] = _header(header.decode())
    for slug in slugs():
        folder = f"source/{slug}"
        files[f"{folder}/{slug}.ipynb"] = source_notebook(slug, answers, language)
        files |= {f"{folder}/{path}": data for path, data in figures(slug, language).items()}
        if answers == "file":
            files[f"{folder}/{slug}.py"] = generated_file(slug, f"{slug}.py", language)
    return files


def _row(slug: str, language: Language) -> str:
    settings = read_settings(slug)
    checks = sum(settings.points.values())
    title = language.text(settings.title, slug)
    return f"| `{slug}` | {title} | {checks:g} | {settings.question_points:g} |"


def _header(text: str) -> bytes:
    """Return the notebook that nbgrader puts before each assignment's."""
    cell: dict[str, Any] = text_cell("gradpath-header", text)
    notebook = {"cells": [cell], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

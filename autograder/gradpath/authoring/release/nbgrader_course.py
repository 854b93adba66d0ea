"""The course folder for nbgrader: notebooks, settings, header, and what a gradebook begins with."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template
from typing import Any, Final

from gradpath.authoring.release.archives import Files
from gradpath.authoring.release.wheels import version
from gradpath.course.figures import pictures_of
from gradpath.course.load import generated_folder, read_settings, slugs
from gradpath.errors import AuthoringError
from gradpath.frontends.nbgrader.notebook import Answers, source_notebook
from gradpath.frontends.otter.settings import HiddenChecks
from gradpath.submissions.notebook_cells import METADATA, text_cell

FOLDER: Final = "nbgrader"
"""Where it lies in a release. Staff copy it to where the course lives: nbgrader writes into it."""

_FILES: Final = Path(__file__).parent / "nbgrader_files"


def course_files(secret: str, hidden: HiddenChecks, answers: Answers) -> Files:
    """Return the files of the course folder by their path in it.

    Args:
        secret: seeds the hidden data; it stands in the folder's `gradpath.toml`.
        hidden: what feedback shows of hidden checks.
        answers: where students write.

    Raises:
        AuthoringError: something that belongs into it is missing.
    """
    values = {
        "version": version(),
        "answers": answers,
        "hidden_checks": hidden,
        "secret": json.dumps(secret, ensure_ascii=False),
        "table": "\n".join(_row(slug) for slug in slugs()),
        "all": " ".join(slugs()),
        "example": slugs()[0],
        "where": (
            "in the cells of the notebook" if answers == "cells" else "in the `.py` file beside it"
        ),
    }
    files: Files = {}
    for path in sorted(_FILES.iterdir()):
        if path.is_file() and path.name != "header.md":
            # The settings are no Python before they are filled in, so they do not end in .py.
            files[path.name.removesuffix(".in")] = _filled_in(path, values)
    files["source/header.ipynb"] = _header(_filled_in(_FILES / "header.md", values).decode())
    for slug in slugs():
        folder = f"source/{slug}"
        files[f"{folder}/{slug}.ipynb"] = source_notebook(slug, answers)
        for name in pictures_of(slug):
            files[f"{folder}/figures/{name}.png"] = _read(slug, f"figures/{name}.png")
        if answers == "file":
            files[f"{folder}/{slug}.py"] = _read(slug, f"{slug}.py")
    return files


def _row(slug: str) -> str:
    settings = read_settings(slug)
    checks = sum(settings.points.values())
    return f"| `{slug}` | {settings.title} | {checks:g} | {settings.question_points:g} |"


def _filled_in(path: Path, values: dict[str, str]) -> bytes:
    try:
        return Template(path.read_text("utf-8")).substitute(values).encode()
    except (OSError, KeyError, ValueError) as error:
        raise AuthoringError(f"{path} cannot be filled in: {error}") from None


def _header(text: str) -> bytes:
    """Return the notebook that nbgrader puts before each assignment's."""
    cell: dict[str, Any] = text_cell("gradpath-header", text)
    notebook = {"cells": [cell], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _read(slug: str, name: str) -> bytes:
    path = generated_folder(slug) / name
    try:
        return path.read_bytes()
    except OSError:
        command = "figures" if path.suffix == ".png" else "skeletons"
        raise AuthoringError(f"{path} is missing; run `gradpath {command}`") from None

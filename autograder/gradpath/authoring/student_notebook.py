"""From a master to the notebook that students are given, with the cells that check."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any, Final

import nbformat

from gradpath.authoring.release.wheels import student_requirement
from gradpath.course.load import load
from gradpath.course.master import (
    ANSWER,
    ANSWER_LINE,
    PREDICTION,
    PREDICTION_LINE,
    QUESTION,
    linked_within,
    master_cells,
    without_markers,
    without_solutions,
)
from gradpath.submissions.notebook_cells import METADATA, code_cell, text_cell
from gradpath.submissions.notebooks import IGNORED
from gradpath.text.languages import ENGLISH, Language
from gradpath.text.messages import Message

_HOW_TO_CHECK: Final = Message(
    "The next cell gets the checks ready; run it first. After each function stands a cell with\n"
    "`%gradpath check`: run it when you have run the function's cell. It says which public checks"
    " pass\nand where a run leaves the expected one, and draws your run over it. It sees the cells "
    "that you have\nrun, saved or not. The last two cells check all functions, and name the file "
    "to hand in."
)

_FROM_HERE: Final = Message(
    "# Installs gradpath where it is missing: from this folder, from packages/ or ../packages/."
)
_FROM_THERE: Final = Message(
    "# Installs gradpath where it is missing: from this folder, from packages/ or ../packages/, or "
    "from the course's address."
)
_SET_UP: Final = """\
{comment}
try:
    import gradpath
except ImportError:
    %pip install -qq {links} "{requirement}"
%load_ext gradpath"""

_WRITTEN: Final = {PREDICTION: PREDICTION_LINE, QUESTION: ANSWER_LINE}
"""The cells that ask for a text, by their tags, and the cells below them, for the text."""

_PACKAGES: Final = (".", "packages", "../packages")
"""Folders with the wheel, seen from a notebook: Colab's uploads, and those of the bundles."""


def notebook_of(
    slug: str,
    checked: Collection[str] = (),
    *,
    solved: bool = False,
    packages: str = "",
    language: Language = ENGLISH,
) -> bytes:
    """Return the notebook of an assignment: the text, and the same code as in the skeleton.

    The same master gives the same bytes: no outputs, no counts, and ids that are derived.

    Args:
        slug: the assignment.
        checked: the functions that have public checks; each gets a check cell. Without any, the
            notebook does not mention gradpath.
        solved: keep the solutions, for staff.
        packages: an address with the student edition, for the cell that installs it.
        language: the language of the text, the docstrings and the checks.

    Raises:
        AuthoringError: there is no master, or its solution regions are wrong.
    """
    cells = []
    texts = 0
    begun = False  # the cell with the imports has come
    for cell in master_cells(slug, language):
        source = cell.source.strip("\n")
        asked = next((tag for tag in cell.tags if tag in _WRITTEN), "")
        if ANSWER in cell.tags:
            continue
        if asked:
            cells.append(text_cell(f"{slug}-{asked}", source))
            line = language.text(_WRITTEN[asked])
            cells.append(text_cell(f"{slug}-{asked}-answer", f"*{line}*"))
        elif cell.kind == "markdown":
            texts += 1
            # The text is written for the script; here it is about the notebook.
            source = source.replace(f"gradpath check {slug}.py", f"gradpath check {slug}.ipynb")
            source = linked_within(source)
            cells.append(text_cell(f"{slug}-text-{texts}", source))
        elif source:
            code = (without_markers if solved else without_solutions)(source).strip("\n")
            names = re.findall(r"^(?:def|class) (\w+)", code, re.MULTILINE)
            cells.append(code_cell(f"{slug}-{names[0] if names else 'imports'}", code))
            if not begun and checked:
                cells[-1:-1] = _first_cells(slug, packages, language)
            begun = True
            for name in names:
                if name in checked:
                    line = f"%gradpath check {slug} {name}"
                    cells.append(code_cell(f"{slug}-{name}-check", line, IGNORED))
    if checked:
        for word in ("check", "handin"):
            cells.append(code_cell(f"{slug}-{word}", f"%gradpath {word} {slug}", IGNORED))
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    nbformat.validate(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def notebook_for_check(slug: str, packages: str = "", language: Language = ENGLISH) -> bytes:
    """Return the notebook of an assignment with a check cell for each function that has checks."""
    assignment = load(slug).only_public()
    checked = [name for name in assignment.functions if assignment.checks_of(name)]
    return notebook_of(slug, checked, packages=packages, language=language)


def _first_cells(slug: str, packages: str, language: Language) -> list[dict[str, Any]]:
    """Return the text about the checks, and the cell that gets them ready.

    Graders leave the cell out by its tag, and without the tag it does nothing where gradpath is.
    """
    links = " ".join(f'--find-links "{place}"' for place in (*_PACKAGES, packages) if place)
    source = _SET_UP.format(
        comment=language.text(_FROM_THERE if packages else _FROM_HERE),
        links=links,
        requirement=student_requirement([slug]),
    )
    if language is not ENGLISH:
        source += f"\n%gradpath language {language.code}"
    return [
        text_cell(f"{slug}-how-to-check", language.text(_HOW_TO_CHECK)),
        code_cell(f"{slug}-set-up", source, IGNORED),
    ]

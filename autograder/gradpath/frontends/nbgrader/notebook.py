"""From a master to the notebook that an instructor gives to nbgrader."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

import nbformat

from gradpath.course.checks import Visibility
from gradpath.course.load import Assignment, load
from gradpath.course.master import (
    ANSWER,
    PREDICTION,
    PREDICTION_LINE,
    QUESTION,
    linked_within,
    master_cells,
)
from gradpath.errors import AuthoringError
from gradpath.frontends.nbgrader import grade_ids
from gradpath.grading.results import rounded
from gradpath.submissions.notebook_cells import METADATA, code_cell, text_cell
from gradpath.text.languages import ENGLISH, Language
from gradpath.text.messages import Message, template

Answers = Literal["cells", "file"]
"""Where students write: in the notebook's cells, or in the skeleton file beside it."""

_SCHEMA: Final = 3

_HOW_TO_CHECK: Final = template(
    "## How this notebook works\n\n"
    "Write each function in its cell. The cell below it runs the public checks on what you have "
    "run so\nfar: it says which of them pass, where a run leaves the expected one, and how many "
    "of the points\nthat makes. The hidden checks run on other data when your work is graded. You "
    "can add cells of your\nown; what counts is what the code cells define, from the first one to "
    "the last."
)

_HOW_TO_CHECK_FILE: Final = template(
    "## How this notebook works\n\n"
    "Write your functions in `{slug}.py`, the file beside this notebook, and save it. The cells "
    "below\nrun the public checks on that file: they say which of them pass, where a run leaves "
    "the expected\none, and how many of the points that makes. The hidden checks run on other "
    "data when your work is\ngraded. What you write in this notebook is not graded, but for the "
    "written question."
)


def source_notebook(slug: str, answers: Answers = "cells", language: Language = ENGLISH) -> bytes:
    """Return the instructor's notebook of an assignment, solutions included.

    `nbgrader generate_assignment` makes the students' from it: solutions and the contents of the
    hidden test cells are taken out there. The same master gives the same bytes.

    Args:
        slug: the assignment.
        answers: where students write. With `file` there are no solution cells.
        language: the language of the text, the docstrings and the test cells' outputs.

    Raises:
        AuthoringError: there is no master, or a cell of it has more than one function.
    """
    assignment = load(slug)
    cells: list[dict[str, Any]] = []
    texts = 0
    begun = False  # the cell with the imports has come
    for cell in master_cells(slug, language):
        source = cell.source.strip("\n")
        if QUESTION in cell.tags:
            cells.append(
                _marked(text_cell(f"{slug}-{grade_ids.QUESTION}", source), grade_ids.QUESTION)
            )
        elif ANSWER in cell.tags:
            cells.append(_answer_cell(assignment, source))
        elif PREDICTION in cell.tags:
            # Without marks: students write there, and nbgrader asks nobody for points.
            cells.append(text_cell(f"{slug}-{PREDICTION}", source))
            line = language.text(PREDICTION_LINE)
            cells.append(text_cell(f"{slug}-{PREDICTION}-answer", f"*{line}*"))
        elif cell.kind == "markdown":
            texts += 1
            cells.append(text_cell(f"{slug}-text-{texts}", linked_within(source)))
        elif source:
            names = re.findall(r"^(?:def|class) (\w+)", source, re.MULTILINE)
            form = _Form(answers, language)
            cells += _code_cells(assignment, source, names, form, begun=begun)
            begun = True
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    nbformat.validate(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def points_of(assignment: Assignment, function: str, visibility: Visibility) -> float:
    """Return the points of a test cell: those of the function's checks that it shows."""
    checks = [c for c in assignment.checks_of(function) if c.visibility == visibility]
    return rounded(sum(assignment.points[check.id] for check in checks))


def test_cell_source(
    slug: str,
    function: str,
    visibility: Visibility,
    answers: Answers,
    language: Language,
) -> str:
    """Return the source of a test cell: one question to the engine."""
    more = f', file="{slug}.py"' if answers == "file" else ""
    if language is not ENGLISH:
        more += f', language="{language.code}"'
    call = f"{visibility}_checks"
    code = f'from gradpath.student.nbgrader import {call}\n\n{call}("{slug}", "{function}"{more})'
    if visibility == "public":
        return code
    later = Message(
        "# The hidden checks of {function} run when your work is graded.", function=function
    )
    return f"{language.text(later)}\n### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS"


@dataclass(frozen=True)
class _Form:
    """The form of a notebook: where students write, and its language."""

    answers: Answers
    language: Language


def _code_cells(
    assignment: Assignment, source: str, names: list[str], form: _Form, *, begun: bool
) -> list[dict[str, Any]]:
    """Return the cells that a code cell of the master becomes."""
    slug = assignment.slug
    if len(names) > 1:
        raise AuthoringError(
            f"a cell of solutions/{slug}.py defines {', '.join(names)}; nbgrader needs a cell for "
            "each function"
        )
    cells: list[dict[str, Any]] = []
    if not names:
        if form.answers == "cells":
            cells.append(code_cell(f"{slug}-imports", source))
        if not begun:
            how = _HOW_TO_CHECK if form.answers == "cells" else _HOW_TO_CHECK_FILE
            text = form.language.text(Message(how, slug=slug))
            cells.append(text_cell(f"{slug}-how-to-check", text))
        return cells
    (name,) = names
    if form.answers == "cells":
        solution = code_cell(f"{slug}-{name}", source)
        cells.append(_marked(solution, name, solution=True))
    for visibility in ("public", "hidden"):
        points = points_of(assignment, name, visibility)
        if points:
            text = test_cell_source(slug, name, visibility, form.answers, form.language)
            id = grade_ids.test_cell(name, visibility)
            cells.append(_marked(code_cell(f"{slug}-{id}", text), id, points=points))
    return cells


def _answer_cell(assignment: Assignment, source: str) -> dict[str, Any]:
    points = assignment.settings.question_points
    if not points:
        raise AuthoringError(
            f"solutions/{assignment.slug}.py has a written question, so its settings.toml needs "
            "question_points"
        )
    cell = text_cell(f"{assignment.slug}-{grade_ids.ANSWER}", source)
    return _marked(cell, grade_ids.ANSWER, solution=True, points=points)


def _marked(
    cell: dict[str, Any], id: str, *, solution: bool = False, points: float | None = None
) -> dict[str, Any]:
    """Return a cell with nbgrader's metadata: a solution, a test, both, or read-only."""
    marks: dict[str, Any] = {
        "schema_version": _SCHEMA,
        "grade": points is not None,
        "solution": solution,
        "locked": not solution,
        "task": False,
        "grade_id": id,
    }
    if points is not None:
        marks["points"] = points
    return {**cell, "metadata": {**cell["metadata"], "nbgrader": marks}}

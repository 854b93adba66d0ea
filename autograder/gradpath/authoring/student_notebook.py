"""From a master to the notebook that students are given, with otter's check cells."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Final

import nbformat

from gradpath.course.master import master_cells, without_markers, without_solutions
from gradpath.submissions.notebook_cells import METADATA, code_cell, text_cell
from gradpath.submissions.notebooks import IGNORED

_HOW_TO_CHECK: Final = """\
The next cell gets the checks ready; run it once. After each function stands a cell with
`grader.check(...)`: run it when you have run the function's cell, and it says which public checks
pass and where a run leaves the expected one. It sees the cells that you have run, saved or not.
For the whole notebook, save it and run `gradpath check {slug}.ipynb` in a terminal.
"""

_SET_UP: Final = """\
import otter

grader = otter.Notebook(tests_dir="tests")"""


def notebook_of(slug: str, checked: Collection[str] = (), *, solved: bool = False) -> bytes:
    """Return the notebook of an assignment: the text, and the same code as in the skeleton.

    The same master gives the same bytes: no outputs, no counts, and ids that are derived.

    Args:
        slug: the assignment.
        checked: the functions that otter has a test file for; each gets a check cell. Without any,
            the notebook does not mention otter.
        solved: keep the solutions, for staff.

    Raises:
        AuthoringError: there is no master, or its solution regions are wrong.
    """
    cells = []
    texts = 0
    begun = False  # the cell with the imports has come
    for cell in master_cells(slug):
        source = cell.source.strip("\n")
        if cell.is_written:
            continue
        if cell.kind == "markdown":
            texts += 1
            # The text is written for the script; here it is about the notebook.
            source = source.replace(f"gradpath check {slug}.py", f"gradpath check {slug}.ipynb")
            cells.append(text_cell(f"{slug}-text-{texts}", source))
        elif source:
            code = (without_markers if solved else without_solutions)(source).strip("\n")
            names = re.findall(r"^(?:def|class) (\w+)", code, re.MULTILINE)
            cells.append(code_cell(f"{slug}-{names[0] if names else 'imports'}", code))
            if not begun and checked:
                cells.append(text_cell(f"{slug}-how-to-check", _HOW_TO_CHECK.format(slug=slug)))
                cells.append(code_cell(f"{slug}-set-up", _SET_UP, IGNORED))
            begun = True
            for name in names:
                if name in checked:
                    cells.append(
                        code_cell(f"{slug}-{name}-check", f'grader.check("{name}")', IGNORED)
                    )
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    nbformat.validate(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()

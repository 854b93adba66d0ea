"""Checking a live session: the cells that were run so far in a notebook.

IPython keeps the text of every cell that was run, and this text is checked: a notebook that is not
saved yet can be, too.
"""

from __future__ import annotations

import ast
import builtins
import functools
import json
from collections.abc import Iterable, Sequence
from typing import Final

from IPython import get_ipython

from gradpath.course.syntax import Definition, bound_name, parse
from gradpath.errors import SubmissionError
from gradpath.grading.graded import Graded
from gradpath.grading.results import Result
from gradpath.student.check import LocalCheck
from gradpath.submissions.notebook_cells import METADATA, code_cell
from gradpath.submissions.submission import Submission
from gradpath.text.messages import Message

NO_NOTEBOOK: Final = Message("this is no notebook; check a file with `gradpath check FILE`")
_NOT_FOR_GRADING: Final = ("otter", "gradpath")


def check_cells(slug: str, cells: Sequence[str]) -> Result:
    """Run the public checks on cells that were run in this order.

    Args:
        slug: the assignment.
        cells: the text of each; one alone is taken as a file.

    Raises:
        SubmissionError: the cells are no Python.
    """
    return graded_cells(slug, tuple(cells)).result


def session_cells() -> list[str]:
    """Return the cells that were run in this session, magics as calls.

    Raises:
        SubmissionError: there is no session.
    """
    shell = get_ipython()
    history = shell.user_ns.get("In") if shell is not None else None
    if not isinstance(history, list):
        raise SubmissionError(NO_NOTEBOOK)
    return [str(cell) for cell in history[1:]]


@functools.lru_cache(maxsize=1)
def graded_cells(slug: str, cells: tuple[str, ...]) -> Graded:
    """Check code as `check_cells` does; the cells of all functions ask about the same."""
    if len(cells) == 1:
        name, text = f"{slug}.py", cells[0]
    else:
        name, text = f"{slug}.ipynb", notebook_text(cells)
    data = text.encode("utf-8", "replace")
    check = LocalCheck(Submission("student", slug, name, len(data), lambda: data))
    try:
        return check.run()
    finally:
        check.close()


def notebook_text(cells: Iterable[str]) -> str:
    """Return a notebook with these cells."""
    written = [code_cell(f"cell-{number}", cell) for number, cell in enumerate(cells, 1)]
    notebook = {"cells": written, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1)


def definitions(cells: Sequence[str]) -> list[str]:
    """Reduce the cells of a session to their definitions, each line where it was.

    A session grows for hours: endless loops that were interrupted, plots, runs that take a minute.
    The definitions are imports, functions, classes, and variables that are made of these without
    calling a function of the student's. The last definition of a name counts, as in the session.
    """
    known = set(dir(builtins))
    defined: set[str] = set()
    return [_definitions(cell, known, defined) for cell in cells]


def _definitions(cell: str, known: set[str], defined: set[str]) -> str:
    """Reduce one cell.

    Args:
        cell: its text.
        known: names that have a value after the lines that are kept; grows.
        defined: functions and classes of the student's; grows.
    """
    try:
        body = parse(cell).body
    except (SyntaxError, ValueError):
        return ""  # it did not run either
    kept: set[int] = set()
    for statement in body:
        if not _is_definition(statement, known, defined):
            continue
        if isinstance(statement, Definition):
            defined.add(statement.name)
        known |= _bound(statement)
        first = min([statement.lineno, *(d.lineno for d in _decorators(statement))])
        kept.update(range(first, (statement.end_lineno or first) + 1))
    return "\n".join(
        line if number in kept else "" for number, line in enumerate(cell.splitlines(), 1)
    )


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return getattr(statement, "decorator_list", [])


def _is_definition(statement: ast.stmt, known: set[str], defined: set[str]) -> bool:
    if isinstance(statement, ast.Import):
        return not any(name.name.startswith(_NOT_FOR_GRADING) for name in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return not (statement.module or "").startswith(_NOT_FOR_GRADING)
    if isinstance(statement, Definition):
        return True
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return False
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in known:
            return False
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in defined
        ):
            return False
    return True


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value to in the session."""
    nodes = [statement] if isinstance(statement, Definition) else ast.walk(statement)
    return {name for node in nodes if (name := bound_name(node))}

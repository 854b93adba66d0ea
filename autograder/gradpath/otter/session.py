"""Checking the session of a notebook or of `otter check`: what a student has run so far.

A test file gets the student's globals and no file. IPython keeps in them the text of every cell
that was run, and this is what is checked: in a notebook that is not saved yet, too.
"""

from __future__ import annotations

import ast
import builtins
import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from gradpath.errors import SubmissionError
from gradpath.local import LocalCheck
from gradpath.otter.answers import CheckFailed
from gradpath.results import Result
from gradpath.submissions import Submission
from gradpath.syntax import parse

# The cells that otter puts before, between and after a student's (otter/execute/preprocessor.py).
_OTTERS_FIRST: Final = re.compile(r"from otter import Notebook as notebook_\w+\n")
_OTTERS: Final = re.compile(
    r"import sys\nsys\.path\.append\(r\"|from otter import Notebook as notebook_|"
    r"notebook_\w+\(\)\.check\(|from otter\.execute import Checker\n"
)
_NOT_FOR_GRADING: Final = ("otter", "gradpath")


def check_session(slug: str, env: Mapping[str, Any]) -> Result:
    """Run the public checks on what was run in this session.

    Args:
        slug: the assignment.
        env: the globals of an IPython session.

    Raises:
        CheckFailed: there is nothing to check, or it is no Python.
    """
    history = env.get("In")
    if not isinstance(history, list):
        raise CheckFailed("this is no notebook; check a file with `gradpath check FILE`")
    cells = [str(cell) for cell in history[1:]]
    if any(map(_OTTERS_FIRST.match, cells)):
        # `otter check FILE`: all of the file, in its order.
        own = tuple(cell for cell in cells if not _OTTERS.match(cell))
    else:
        own = tuple(definitions(cells))
    return _checked(slug, own)


@functools.lru_cache(maxsize=1)
def _checked(slug: str, cells: tuple[str, ...]) -> Result:
    """Check code; the tests of all functions ask about the same."""
    if len(cells) == 1:
        name, text = f"{slug}.py", cells[0]
    else:
        name, text = f"{slug}.ipynb", _notebook(cells)
    data = text.encode("utf-8", "replace")
    check = LocalCheck(Submission("student", slug, name, len(data), lambda: data))
    try:
        return check.run()
    except SubmissionError as error:
        raise CheckFailed(str(error)) from None
    finally:
        check.close()


def _notebook(cells: Iterable[str]) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def definitions(cells: Sequence[str]) -> list[str]:
    """Reduce the cells of a session to what they define, each line where it was.

    A session grows for hours: endless loops that were interrupted, plots, runs that take a minute.
    What is left is imports, functions, classes, and variables that are made of these without
    calling a function of the student's. The last definition of a name counts, as in the session.
    """
    known = set(dir(builtins))
    own: set[str] = set()
    return [_definitions(cell, known, own) for cell in cells]


def _definitions(cell: str, known: set[str], own: set[str]) -> str:
    """Reduce one cell.

    Args:
        cell: its text.
        known: names that have a value in what is kept; grows.
        own: functions and classes of the student's; grows.
    """
    try:
        body = parse(cell).body
    except (SyntaxError, ValueError):
        return ""  # it did not run either
    kept: set[int] = set()
    for statement in body:
        if not _is_definition(statement, known, own):
            continue
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.add(statement.name)
        known |= _bound(statement)
        first = min([statement.lineno, *(d.lineno for d in _decorators(statement))])
        kept.update(range(first, (statement.end_lineno or first) + 1))
    return "\n".join(
        line if number in kept else "" for number, line in enumerate(cell.splitlines(), 1)
    )


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return getattr(statement, "decorator_list", [])


def _is_definition(statement: ast.stmt, known: set[str], own: set[str]) -> bool:
    if isinstance(statement, ast.Import):
        return not any(name.name.startswith(_NOT_FOR_GRADING) for name in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return not (statement.module or "").startswith(_NOT_FOR_GRADING)
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return False
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in known:
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own:
            return False
    return True


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a value to."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(name.asname or name.name).partition(".")[0] for name in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }

"""Checking the session of a notebook or of `otter check`: what a student has run so far.

A test file gets the student's globals and no file. IPython keeps in them the text of every cell
that was run, and this is what is checked: in a notebook that is not saved yet, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gradpath.errors import SubmissionError
from gradpath.grading.results import Result
from gradpath.live import check_cells, definitions
from gradpath.otter.answers import CheckFailed

# The cells that otter puts before, between and after a student's (otter/execute/preprocessor.py).
_OTTERS_FIRST: Final = re.compile(r"from otter import Notebook as notebook_\w+\n")
_OTTERS: Final = re.compile(
    r"import sys\nsys\.path\.append\(r\"|from otter import Notebook as notebook_|"
    r"notebook_\w+\(\)\.check\(|from otter\.execute import Checker\n"
)


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
        own = [cell for cell in cells if not _OTTERS.match(cell)]
    else:
        own = definitions(cells)
    try:
        return check_cells(slug, own)
    except SubmissionError as error:
        raise CheckFailed(str(error)) from None

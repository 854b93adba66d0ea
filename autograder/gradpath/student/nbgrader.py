"""Functions that the test cells of nbgrader's notebooks call on a student's machine.

They run the public checks with the engine, as `gradpath check` does, show the outcome, and end in
the points as a float, which nbgrader and `nbgrader validate` read. They never raise: a traceback of
ours would help nobody. When a course grades, no cell is executed at all; see
`gradpath.frontends.nbgrader`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from IPython.display import display

from gradpath.course.load import load
from gradpath.errors import GradpathError, SubmissionError
from gradpath.grading.results import Result, function_of, rounded
from gradpath.student.display import Shown, checks_shown, note_shown, score
from gradpath.student.session import check_cells, definitions, session_cells

_EXECUTION: Final = "NBGRADER_EXECUTION"
"""The purpose for which nbgrader executes a notebook: `autograde` or `validate`."""


def public_checks(slug: str, function: str, file: str | None = None) -> float:
    """Run the public checks of a function, show the outcome, and return the points.

    Args:
        slug: the assignment.
        function: its checks are shown.
        file: the file to check, relative to the notebook; without one, the cells that were run in
            this session so far.

    Returns:
        The points of the function's public checks, from 0 to their sum; 0 when nothing can be
        checked.
    """
    if os.environ.get(_EXECUTION) == "autograde":
        return _not_here()
    heading = f"{function}: public checks"
    try:
        result = (
            _check_file(slug, Path(file))
            if file
            else check_cells(slug, definitions(session_cells()))
        )
    except GradpathError as error:
        return _tell(note_shown(heading, str(error)), 0.0, complete=False)
    except Exception as error:
        text = f"the checks themselves failed: {type(error).__name__}: {error}"
        return _tell(note_shown(heading, text), 0.0, complete=False)
    checks = [check for check in result.checks if function_of(check) == function]
    if not checks:
        text = result.message or f"there is no function {function} in {slug}"
        return _tell(note_shown(heading, text), 0.0, complete=False)
    most = rounded(sum(check.max_points for check in checks))
    points = score(checks, most)
    heading = f"{heading}, {points:g} of {most:g} points"
    return _tell(checks_shown(heading, checks), points, complete=points >= most)


def hidden_checks(slug: str, function: str, file: str | None = None) -> float:
    """Say that hidden checks are not run by executing a cell.

    The course's `nbgrader_config.py` has them graded outside of any kernel. A kernel that gets
    here does not know these settings, and must not give points.

    Returns:
        0.0
    """
    return _not_here()


def _not_here() -> float:
    text = (
        "This cell is graded by gradpath, not by executing it: run `nbgrader autograde` in the "
        "course's folder, whose nbgrader_config.py sets that up."
    )
    return _tell(note_shown("Not graded", text), 0.0, complete=True)


def _check_file(slug: str, path: Path) -> Result:
    load(slug)
    if not path.is_file():
        raise SubmissionError(f"{path} is not here; it belongs into the folder of this notebook")
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SubmissionError(f"{path} is not encoded in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read: {error.strerror or error}") from None
    return check_cells(slug, [text])  # once, for all test cells that ask about the same text


def _tell(shown: Shown, points: float, *, complete: bool) -> float:
    display(shown.bundle(), raw=True)  # type: ignore[no-untyped-call]
    if not complete and os.environ.get(_EXECUTION) == "validate":
        # `nbgrader validate` prints this stream, and of partial credit not the reason.
        print(shown.plain, file=sys.stderr)
    return points

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

from gradpath.course.config import language_of
from gradpath.course.load import load
from gradpath.errors import GradpathError, SubmissionError
from gradpath.grading.results import Result, function_of, in_language, rounded
from gradpath.student.display import Shown, checks_shown, note_shown, points_heading, score
from gradpath.student.session import check_cells, definitions, session_cells
from gradpath.text.languages import shown_language, speaking, tell
from gradpath.text.messages import Message

_EXECUTION: Final = "NBGRADER_EXECUTION"
"""The purpose for which nbgrader executes a notebook: `autograde` or `validate`."""


def public_checks(
    slug: str, function: str, file: str | None = None, language: str | None = None
) -> float:
    """Run the public checks of a function, show the outcome, and return the points.

    Args:
        slug: the assignment.
        function: its checks are shown.
        file: the file to check, relative to the notebook; without one, the cells that were run in
            this session so far.
        language: the code of the language of the output; without one, that of the session.

    Returns:
        The points of the function's public checks, from 0 to their sum; 0 when nothing can be
        checked.
    """
    with speaking(shown_language() if language is None else language_of(language)):
        return _public_checks(slug, function, file)


def _public_checks(slug: str, function: str, file: str | None) -> float:
    if os.environ.get(_EXECUTION) == "autograde":
        return _not_here()
    heading = tell(Message("{function}: public checks", function=function))
    try:
        result = (
            _check_file(slug, Path(file))
            if file
            else check_cells(slug, definitions(session_cells()))
        )
    except GradpathError as error:
        return _show(note_shown(heading, tell(error.message)), 0.0, complete=False)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
        text = Message("the checks themselves failed: {problem}", problem=problem)
        return _show(note_shown(heading, tell(text)), 0.0, complete=False)
    result = in_language(result, shown_language())
    checks = [check for check in result.checks if function_of(check) == function]
    if not checks:
        none = Message("there is no function {function} in {slug}", function=function, slug=slug)
        return _show(note_shown(heading, result.message or tell(none)), 0.0, complete=False)
    most = rounded(sum(check.max_points for check in checks))
    points = score(checks, most)
    heading = tell(points_heading(heading, points, most))
    return _show(checks_shown(heading, checks), points, complete=points >= most)


def hidden_checks(
    slug: str, function: str, file: str | None = None, language: str | None = None
) -> float:
    """Say that hidden checks are not run by executing a cell.

    The course's `nbgrader_config.py` has them graded outside of any kernel. A kernel that gets
    here does not know these settings, and must not give points.

    Returns:
        0.0
    """
    with speaking(shown_language() if language is None else language_of(language)):
        return _not_here()


def _not_here() -> float:
    text = Message(
        "This cell is graded by gradpath, not by executing it: run `nbgrader autograde` in the "
        "course's folder, whose nbgrader_config.py sets that up."
    )
    return _show(note_shown(tell(Message("Not graded")), tell(text)), 0.0, complete=True)


def _check_file(slug: str, path: Path) -> Result:
    load(slug)
    if not path.is_file():
        raise SubmissionError(
            Message("{path} is not here; it belongs into the folder of this notebook", path=path)
        )
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = Message("{path} is not encoded in UTF-8; save it as UTF-8", path=path)
        raise SubmissionError(text) from None
    except OSError as error:
        reason = error.strerror or str(error)
        text = Message("{path} cannot be read: {reason}", path=path, reason=reason)
        raise SubmissionError(text) from None
    return check_cells(slug, [text])  # once, for all test cells that ask about the same text


def _show(shown: Shown, points: float, *, complete: bool) -> float:
    display(shown.bundle(), raw=True)  # type: ignore[no-untyped-call]
    if not complete and os.environ.get(_EXECUTION) == "validate":
        # `nbgrader validate` prints this stream, and of partial credit not the reason.
        print(shown.plain, file=sys.stderr)
    return points

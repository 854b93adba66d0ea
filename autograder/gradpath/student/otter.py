"""The functions that otter's test files call: an exception where a check did not pass.

Staff's test files read the result of a submission that the engine has graded already; its path is
in the environment. Students' test files have the engine check the session that they run in.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from gradpath.course.config import language_of
from gradpath.errors import GradpathError
from gradpath.grading.results import Result, in_language, reason
from gradpath.student.session import NO_NOTEBOOK, check_cells, definitions
from gradpath.text import clean
from gradpath.text.languages import ENGLISH, shown_language, speaking, tell
from gradpath.text.messages import Message

VARIABLE: Final = "GRADPATH_ANSWERS"
"""Names the file with the result, where the engine has graded beforehand."""


class CheckFailed(AssertionError):
    """A check did not pass; the text says why, as `gradpath check` says it."""


def answers(slug: str, language: str = ENGLISH.code) -> Callable[[str, Mapping[str, Any]], None]:
    """Return the function that a test file of this assignment calls for each check.

    It takes the check's id and the student's globals, and raises `CheckFailed` unless the check
    passed, in the language of this code.
    """
    _show_reasons_alone()

    def show(check: str, env: Mapping[str, Any]) -> None:
        with speaking(language_of(language)):
            given = os.environ.get(VARIABLE)
            if given is not None:
                result = msgspec.json.decode(Path(given).read_bytes(), type=Result)
            else:
                from gradpath.student.otter import check_session

                result = check_session(slug, env)
            must_pass(in_language(result, shown_language()), check)

    return show


def _show_reasons_alone() -> None:
    """Have otter show the reason of a failed check without the line of our test file before it.

    otter begins with "Error at line 13 in test sweep", and the line, of which students know
    nothing. An otter that has no such method any more goes on in its own way.
    """
    file = getattr(sys.modules.get("otter.test_files.exception_test"), "ExceptionTestFile", None)
    said = getattr(file, "_generate_error_message", None)
    if file is None or said is None or hasattr(said, "__wrapped__"):
        return

    @functools.wraps(said)
    def reason_alone(self: Any, error: Exception, *words: Any, **named: Any) -> str:
        return str(error) if isinstance(error, CheckFailed) else said(self, error, *words, **named)

    file._generate_error_message = reason_alone


def must_pass(result: Result, check: str) -> None:
    """Return if a check passed in a result.

    Raises:
        CheckFailed: it did not pass, or the submission could not be read at all.
    """
    for graded in result.checks:
        if graded.id == check:
            if graded.outcome != "passed":
                raise CheckFailed(reason(graded))
            return
    lost = Message("{check} was not graded", check=check)
    raise CheckFailed(clean(result.message) or tell(lost))


# The cells that otter puts before, between and after a student's (otter/execute/preprocessor.py).
_OTTERS_FIRST: Final = re.compile(r"from otter import Notebook as notebook_\w+\n")
_OTTERS: Final = re.compile(
    r"import sys\nsys\.path\.append\(r\"|from otter import Notebook as notebook_|"
    r"notebook_\w+\(\)\.check\(|from otter\.execute import Checker\n"
)


def check_session(slug: str, env: Mapping[str, Any]) -> Result:
    """Run the public checks on the cells that were run in this session.

    Args:
        slug: the assignment.
        env: the globals of an IPython session.

    Raises:
        CheckFailed: there is nothing to check, or it is no Python.
    """
    history = env.get("In")
    if not isinstance(history, list):
        raise CheckFailed(tell(NO_NOTEBOOK))
    cells = [str(cell) for cell in history[1:]]
    if any(map(_OTTERS_FIRST.match, cells)):
        # `otter check FILE`: all of the file, in its order.
        written = [cell for cell in cells if not _OTTERS.match(cell)]
    else:
        written = definitions(cells)
    try:
        return check_cells(slug, written)
    except GradpathError as error:  # no Python, or a library is not installed
        raise CheckFailed(tell(error.message)) from None

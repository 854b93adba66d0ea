"""The names of nbgrader's cells: which function, and which of its checks.

The same in every assignment, so that a course's own notebooks can be told from ours:
`gradient` is the cell with the student's function, `gradient-public` and `gradient-hidden` are its
test cells, `written` is the answer to the written question and `written-question` its text. Each
cell's Jupyter id is `<slug>-` and this name.
"""

from __future__ import annotations

from typing import Final

from gradpath.course.checks import Visibility

ANSWER: Final = "written"
QUESTION: Final = "written-question"

_VISIBILITIES: Final[tuple[Visibility, ...]] = ("public", "hidden")


def test_cell(function: str, visibility: Visibility) -> str:
    """Return the id of a test cell: `gradient-public`."""
    return f"{function}-{visibility}"


def checks_of(grade_id: str) -> tuple[str, Visibility] | None:
    """Return function and visibility of the checks that a test cell shows, or None for others."""
    for visibility in _VISIBILITIES:
        if grade_id.endswith(f"-{visibility}"):
            return grade_id.removesuffix(f"-{visibility}"), visibility
    return None

"""The preprocessor that grades, in the place of nbgrader's execution of a notebook.

Nothing is executed: the engine has graded the student's file, and each test cell is given the
output that it would end in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from nbformat import NotebookNode, from_dict
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Enum

from gradpath.course.checks import Visibility
from gradpath.course.config import CHOICES, Hidden
from gradpath.course.settings import slugs
from gradpath.frontends.nbgrader import grade_ids
from gradpath.frontends.nbgrader.pages.feedback import SUFFIX, runs_of
from gradpath.frontends.nbgrader.repair import plain, with_note
from gradpath.grading.results import (
    OUTCOMES,
    CheckResult,
    Result,
    function_of,
    message_of,
    rounded,
    told_to_student,
)
from gradpath.student.display import Shown, checks_shown, note_shown, points_heading, score
from gradpath.text.languages import tell
from gradpath.text.messages import Message, template

_HEADINGS: Final[dict[Visibility, str]] = {
    "public": template("{function}: public checks"),
    "hidden": template("{function}: hidden checks"),
}
_WHY: Final = Message("Nothing could be graded; the reason stands at the top of the notebook.")
_NOT_OURS: Final = Message(
    "gradpath executes no cell of a submission, so it cannot grade this one: it is no test cell of "
    "gradpath's. Grade it by hand, or leave it out of the course's notebook."
)


class Grade(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades with gradpath's engine, in the place of nbgrader's `Execute`."""

    hidden_checks: Hidden = Enum(  # type: ignore[assignment]
        CHOICES,
        default_value="all",
        help="What feedback shows of hidden checks: all, outcomes, names, points, or none of it. "
        "Feedback is given out after the deadline.",
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Fill in the outputs of the test cells."""
        marks = resources["nbgrader"]
        slug = marks["notebook"]
        result: Result | None = None
        if slug in slugs():
            result = self.parent.result_of(marks["assignment"], slug, marks["student"])
            self.log.info("gradpath: %s: %s, %g points", slug, result.status, result.score)
            runs = runs_of(result, self.parent.observations)
            if runs is not None:
                resources.setdefault("outputs", {})[f"{slug}{SUFFIX}"] = runs
        resources.setdefault("outputs", {}).update(self.parent.pictures)
        fill_in(nb, result, self.hidden_checks)
        return nb, resources


def fill_in(nb: NotebookNode, result: Result | None, hidden: Hidden) -> None:
    """Give every test cell of a notebook an output with its points and checks.

    Args:
        nb: a notebook with the course's cells; it is changed.
        result: the engine's result; None for a notebook that is none of gradpath's assignments.
        hidden: the part of hidden checks that is shown.
    """
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code":
            continue
        cell.execution_count = None
        cell.outputs = []
        if marks.get("grade") and not marks.get("solution"):
            shown = grade_ids.checks_of(marks["grade_id"])
            if result is None or shown is None:
                cell.outputs = [_error(tell(_NOT_OURS))]
            else:
                cell.outputs = _outputs(result, *shown, float(marks["points"]), hidden)
    if result is not None and result.message:
        with_note(nb, f"gradpath: {plain(tell(message_of(result), result.assignment))}")


def _outputs(
    result: Result, function: str, visibility: Visibility, most: float, hidden: Hidden
) -> list[NotebookNode]:
    checks = [
        check
        for check in result.checks
        if function_of(check) == function and check.visibility == visibility
    ]
    points = _points(checks, most)
    heading = tell(points_heading(Message(_HEADINGS[visibility], function=function), points, most))
    slug = result.assignment
    seen = [told_to_student(check, slug) for check in checks]
    if result.status == "unreadable":
        shown = note_shown(heading, tell(_WHY))
    elif not checks:
        none = message_of(result) or Message("there are no such checks")
        shown = note_shown(heading, tell(none, slug))
    elif visibility == "hidden" and hidden != "all":
        is_listed = hidden not in ("points", "none")  # the points stand in the heading anyway
        lines = [_line(check, hidden) for check in seen] if is_listed else []
        none = Message("What these checks do is not shown.")
        shown = note_shown(heading, "\n".join(lines) or tell(none))
    else:
        shown = checks_shown(heading, seen)
    return [_display(shown), _value(points)]


def _line(check: CheckResult, hidden: Hidden) -> str:
    if hidden == "names":
        return check.title
    return tell(
        Message(
            "{title}: {outcome}, {points:g} of {most:g} points",
            title=check.title,
            outcome=OUTCOMES["passed" if check.outcome == "passed" else "failed"],
            points=check.points,
            most=check.max_points,
        )
    )


def _points(checks: Sequence[CheckResult], most: float) -> float:
    """Return the points of a test cell; an instructor may have given it others than we do."""
    maximum = rounded(sum(check.max_points for check in checks))
    points = score(checks, maximum)
    if maximum and maximum != most:
        points = min(points * most / maximum, most)
    return points


def _display(shown: Shown) -> NotebookNode:
    return from_dict(  # type: ignore[no-any-return]
        {"output_type": "display_data", "data": shown.bundle(), "metadata": {}}
    )


def _value(points: float) -> NotebookNode:
    """Return the output that nbgrader reads the points from."""
    return from_dict(  # type: ignore[no-any-return]
        {
            "output_type": "execute_result",
            "data": {"text/plain": repr(float(points))},
            "metadata": {},
            "execution_count": None,
        }
    )


def _error(text: str) -> NotebookNode:
    return from_dict(  # type: ignore[no-any-return]
        {"output_type": "error", "ename": "NotGraded", "evalue": text, "traceback": [text]}
    )

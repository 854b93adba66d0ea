"""Questions about lost points: the mistake, asked of the student who has made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradpath.course.config import Hidden
from gradpath.course.mistakes import Misconception
from gradpath.grading.results import (
    CheckResult,
    Result,
    function_of,
    message_of,
    points_text,
    split_message,
)
from gradpath.reports.interview.asked import Asked
from gradpath.text.messages import Message, joined

_NOT_ASKED = ("passed", "not_attempted", "skipped")


def ask_lost(result: Result, hidden: Hidden, known: Mapping[str, Misconception]) -> Iterator[Asked]:
    """Yield a question for each function that lost points in a check that its student knows of.

    Args:
        result: the published result.
        hidden: the part of hidden checks that students' pages show.
        known: the misconceptions of the assignment, by id.
    """
    functions: set[str] = set()
    shown = hidden in ("all", "outcomes")
    checks = [check for check in result.checks if check.outcome not in _NOT_ASKED]
    # Public checks first: their numbers are in the student's hands.
    for check in sorted(checks, key=lambda check: check.visibility == "hidden"):
        function = function_of(check)
        if function in functions or (check.visibility == "hidden" and not shown):
            continue
        functions.add(function)
        yield _lost(function, check, known)


def _lost(function: str, check: CheckResult, known: Mapping[str, Misconception]) -> Asked:
    observed, hint = split_message(message_of(check))
    lost = points_text(check.max_points - check.points)
    points = Message("{lost} of {most}", lost=lost, most=points_text(check.max_points))
    text = Message(
        "Your `{function}` lost {points} points in the check “{title}”. What "
        "was wrong, and how did you, or would you, find the place?",
        function=function,
        points=points,
        title=Message(check.title),
    )
    names = [Message(known[id].title) for id in check.misconceptions if id in known]
    answer = [observed] if observed else []
    answer += [Message("It looks like: {names}.", names=joined("; or: ", names))] if names else []
    return Asked("lost", function, text, answer, [hint] if hint else [])

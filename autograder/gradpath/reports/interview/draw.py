"""The draw: which questions a student gets, from the secret and the student's name."""

from __future__ import annotations

import hmac
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from gradpath.course.config import Hidden
from gradpath.course.interview import Question, WhatIf, WhichLine, Why, questions_of
from gradpath.course.load import Assignment
from gradpath.engine.workers import Workshop
from gradpath.grading.results import Result, function_of
from gradpath.reports.interview.asked import Asked, Kind
from gradpath.reports.interview.curves import Curves, ask_which_curve
from gradpath.reports.interview.lines import ask_which_line
from gradpath.reports.interview.lost import ask_lost
from gradpath.reports.interview.numbers import ask_what_if, ask_why
from gradpath.reports.interview.runs import Runs
from gradpath.worker.protocol import Cell

FEWEST: Final = 3
"""Questions of a talk, even about a submission that does not run."""
_USUAL: Final = 4
"""Questions of a talk, and one about lost points: where some kinds have none, others have two."""
_ORDER: Final[tuple[Kind, ...]] = ("line", "what if", "curve", "why", "lost")
"""Of the questions on a sheet: the student's own code comes first."""

Declared = TypeVar("Declared", bound=Question)


@dataclass(frozen=True)
class Talk:
    """A submission to talk about: the published result, and the source as it was graded."""

    result: Result
    cells: Sequence[Cell]
    hidden: Hidden


def draw(
    talk: Talk, assignment: Assignment, curves: Sequence[Curves], workshop: Workshop, secret: str
) -> list[Asked]:
    """Draw the questions of one talk, and compute their answers.

    Args:
        talk: the submission.
        assignment: its assignment.
        curves: the curves of the assignment.
        workshop: makes the workers of the submission.
        secret: seeds the draw, together with the names of assignment and student.
    """
    runs = Runs(workshop, assignment, talk.cells)
    try:
        return _drawn(_candidates(talk, assignment, curves, runs, _seeded(talk.result, secret)))
    finally:
        runs.close()


def _seeded(result: Result, secret: str) -> random.Random:
    names = f"interview\0{result.assignment}\0{result.student}"
    key = secret.encode("utf-8", "surrogateescape")
    digest = hmac.digest(key, names.encode("utf-8", "surrogateescape"), "sha256")
    return random.Random(int.from_bytes(digest))


def _drawn(candidates: Mapping[Kind, Iterator[Asked]]) -> list[Asked]:
    """Take one question of each kind; further ones where that is too few."""
    asked = [first for kind in _ORDER if (first := next(candidates[kind], None)) is not None]
    waiting = [kind for kind in _ORDER if kind != "lost"]
    while sum(one.kind != "lost" for one in asked) < _USUAL and waiting:
        kind = waiting.pop(0)
        if (more := next(candidates[kind], None)) is not None:
            asked.append(more)
            waiting.append(kind)
    return sorted(asked, key=lambda one: _ORDER.index(one.kind))


def _candidates(
    talk: Talk,
    assignment: Assignment,
    curves: Sequence[Curves],
    runs: Runs,
    rng: random.Random,
) -> dict[Kind, Iterator[Asked]]:
    """Return the questions of each kind that have an answer, in the order of the draw.

    Each has a generator of random numbers of its own, so that no question depends on whether
    another one has an answer.
    """
    declared = questions_of(assignment.slug)
    right = _right(talk.result)

    def of(
        kind: type[Declared], ask: Callable[[Declared, random.Random], Asked | None]
    ) -> Iterator[Asked]:
        found = [(one, random.Random(rng.getrandbits(64))) for one in declared if type(one) is kind]
        rng.shuffle(found)
        return (asked for one, own in found if (asked := ask(one, own)) is not None)

    def is_right(question: WhatIf | Why) -> bool:
        case = question.case
        return case is not None and assignment.builds_on(case.call.function) <= right

    drawn = rng.sample(curves, len(curves))
    seeds = [random.Random(rng.getrandbits(64)) for _ in drawn]
    known = {one.id: one for one in assignment.misconceptions}
    return {
        "line": of(WhichLine, lambda one, own: ask_which_line(one, own, runs)),
        "what if": of(WhatIf, lambda one, own: ask_what_if(one, own, runs, right=is_right(one))),
        "curve": (
            ask_which_curve(one, own, runs, right) for one, own in zip(drawn, seeds, strict=True)
        ),
        "why": of(Why, lambda one, _: ask_why(one, runs, right=is_right(one))),
        "lost": ask_lost(talk.result, talk.hidden, known),
    }


def _right(result: Result) -> set[str]:
    """Return the functions of a result with all their points."""
    lost = {function_of(check) for check in result.checks if check.outcome != "passed"}
    return {function_of(check) for check in result.checks} - lost

"""A submission that has been graded: the result, and the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradpath.course.load import Assignment
from gradpath.engine.clock import Spent
from gradpath.grading.results import Result, rounded
from gradpath.worker.protocol import Observation, Source


@dataclass(frozen=True)
class Graded:
    """One submission after grading.

    Attributes:
        result: the points and messages.
        source: the code; None if the file cannot be read.
        observations: the outcomes of calls in public checks, by check; none of them was made after
            the submission had seen a hidden input.
        spent: how long the calls took; None if none was made.
        lost: whether a worker died of a signal, which may have come from outside.
        printed: the text that was printed in the call which decided a lost check, by check; on a
            student's own machine alone.
    """

    result: Result
    source: Source | None = None
    observations: Mapping[str, Sequence[Observation]] = field(default_factory=dict)
    spent: Spent | None = None
    lost: bool = False
    printed: Mapping[str, str] = field(default_factory=dict)


def unreadable(
    assignment: Assignment, student: str, file: str, message: str, source: Source | None = None
) -> Graded:
    """Grade a submission that cannot be loaded as a module: it has no points and no checks."""
    maximum = maximum_score(assignment)
    result = Result(assignment.slug, student, file, 0.0, maximum, "unreadable", [], message)
    return Graded(result, source)


def maximum_score(assignment: Assignment) -> float:
    """Return the points of all checks that this grading uses."""
    return rounded(sum(assignment.points[check.id] for check in assignment.checks))

"""The expected values of an assignment's public checks, and a student's numbers beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gradpath.course import recorded
from gradpath.course.checks import Case
from gradpath.course.expectations import Expectation
from gradpath.course.load import load
from gradpath.grading.compare import compare
from gradpath.grading.oracle import plan_of
from gradpath.grading.recorded_oracle import RecordedOracle
from gradpath.grading.results import Divergence, Result
from gradpath.grading.verdict import judge
from gradpath.worker.codec import Array
from gradpath.worker.protocol import Observation, PrintedObservation

_AROUND: Final = 2
"""Steps that are shown before and after the first wrong one."""
_PLACE: Final = re.compile(r"(?P<name>[^\[]+)\[(?P<step>\d+)\](?P<rest>(?:\[\d+\])*)")


@dataclass(frozen=True)
class Step:
    """A number of a student's and the expected one; None where there is none."""

    where: str
    got: float | None
    expected: float | None
    is_first_wrong: bool

    @property
    def difference(self) -> float | None:
        """How far the student's number is from the expected one."""
        if self.got is None or self.expected is None:
            return None
        return self.got - self.expected


class Expected:
    """The recorded references of one assignment's public checks; read once, used for many."""

    def __init__(self, slug: str) -> None:
        """Read the recording.

        Raises:
            GradpathError: there is none, or it is not in step.
        """
        self.slug = slug
        self.assignment = load(slug).only_public()
        self.plan = plan_of(self.assignment, "")
        self.oracle = RecordedOracle(recorded.read(slug), self.plan)

    def of(self, check: str) -> list[tuple[Case, Any]]:
        """Return each case of a public check, and the value that it should return."""
        references = self.oracle.reference(check)
        pairs = zip(self.plan[check], references, strict=True)
        return [(case, reference.value) for case, reference in pairs]

    def steps_of(
        self, result: Result, runs: Mapping[str, Sequence[Observation]]
    ) -> dict[str, list[Step]]:
        """Return the steps of each public check of a result that failed by a number."""
        return {
            check.id: self.steps(check.id, check.divergence, runs)
            for check in result.checks
            if check.visibility == "public" and check.outcome == "failed" and check.divergence
        }

    def printed(self, result: Result, runs: Mapping[str, Sequence[Observation]]) -> dict[str, str]:
        """Return the text that was printed in the call which decided each lost check, if any."""
        texts = {
            check.id: self._printed(check.id, runs.get(check.id, ()))
            for check in result.checks
            if check.outcome != "passed"
        }
        return {check: text for check, text in texts.items() if text}

    def _printed(self, check: str, seen: Sequence[Observation]) -> str:
        for (case, want), got in zip(self.of(check) if seen else (), seen, strict=False):
            if judge([case], [want], [got], public=True).outcome != "passed":
                return got.printed if isinstance(got, PrintedObservation) else ""
        return ""

    def steps(
        self, check: str, divergence: Divergence, runs: Mapping[str, Sequence[Observation]]
    ) -> list[Step]:
        """Return the first wrong number, with its neighbours where there are any.

        Args:
            check: a public check that failed.
            divergence: where it did.
            runs: the observations; without them there is the first wrong number only.
        """
        place = _PLACE.fullmatch(divergence.where)
        arrays = self._arrays(check, divergence.where, runs) if place is not None else None
        if place is None or arrays is None:
            return [Step(divergence.where, divergence.got, divergence.expected, True)]
        at = int(place["step"])
        rest = tuple(int(number) for number in re.findall(r"\d+", place["rest"]))
        last = max(len(array) for array in arrays)
        steps = []
        for step in range(max(at - _AROUND, 0), min(at + _AROUND + 1, last)):
            got, wanted = (_at(array, (step, *rest)) for array in arrays)
            where = f"{place['name']}[{step}]{place['rest']}"
            steps.append(Step(where, got, wanted, step == at))
        return steps

    def _arrays(
        self, check: str, where: str, runs: Mapping[str, Sequence[Observation]]
    ) -> tuple[Array, Array] | None:
        """Return the student's array that a place is in, and the expected one."""
        for (case, want), got in zip(self.of(check), runs.get(check, ()), strict=False):
            if got.outcome != "returned":
                return None
            mismatch = compare(case.expect, want, got.value)
            if mismatch is None:
                continue
            if mismatch.where != where:
                return None
            name = where.partition("[")[0]
            actual, right = _leaf(case.expect, got.value, name), _leaf(case.expect, want, name)
            return None if actual is None or right is None else (actual, right)
        return None


def _leaf(expect: Expectation, value: Any, name: str) -> Array | None:
    for leaf in expect.leaves(value):
        if leaf.name == name and isinstance(leaf.value, np.ndarray) and leaf.value.ndim:
            return leaf.value
    return None


def _at(array: Array, index: tuple[int, ...]) -> float | None:
    try:
        return float(array[index])
    except (IndexError, TypeError):  # it ends before, or holds rows there
        return None

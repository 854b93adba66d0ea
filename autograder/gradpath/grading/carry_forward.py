"""Errors carried forward: no points are lost twice for one mistake.

A check that failed passes after all if its values follow from the student's own earlier functions:
a carried run computes the reference with those functions in place of the solution's.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec
import numpy as np

from gradpath.course.carried_runs import Carry, CarryStopped, Functions
from gradpath.course.checks import Case
from gradpath.engine.session import Session
from gradpath.grading.compare import changed, compare, compare_prefix
from gradpath.grading.diagnosis import overflowed
from gradpath.grading.findings import Findings
from gradpath.grading.oracle import Oracle
from gradpath.grading.verdict import Verdict, judge
from gradpath.worker.protocol import Observation

_Likeness = Literal["same", "different", "both stopped", "both overflowed"]


def carry_forward(function: str, session: Session, oracle: Oracle, findings: Findings) -> None:
    """Let checks of a function pass that follow from the student's own earlier functions."""
    carry = findings.assignment.carries.get(function)
    failed = findings.failed(function)
    if carry is None or not failed or oracle.solution() is None:
        return
    for chosen in _subsets(findings.wrong(carry.needs)):
        carried = _CarriedRuns(carry, oracle, session, chosen)
        text = f"right with your own {' and '.join(chosen)}: no points are lost twice"
        # Again while something passes: it may be the evidence that another check waits for.
        while followed := [check for check in failed if carried.explain(check, findings)]:
            findings.verdicts.update(dict.fromkeys(followed, Verdict("passed", text)))
            failed = findings.failed(function)
        if not failed:
            return


class _CarriedRuns:
    """Runs of a function in which `chosen` earlier functions are the student's own."""

    def __init__(
        self, carry: Carry, oracle: Oracle, session: Session, chosen: Sequence[str]
    ) -> None:
        self._carry = carry
        self._oracle = oracle
        self._session = session
        self._chosen = chosen

    def explain(self, check: str, findings: Findings) -> bool:
        """Tell whether carried runs explain the observations of a check."""
        cases = self._oracle.plan[check]
        function = self._carry.function
        reference = self._oracle.solution()  # its clock starts anew for each check
        if reference is None or any(case.call.function != function for case in cases):
            return False
        stopped = 0
        values: set[float] = set()
        for case, got in zip(cases, findings.observations[check], strict=True):
            functions = Functions(self._session, reference, self._chosen)
            likeness, numbers = self._compare(case, got, functions)
            if likeness == "different":
                return False
            # Numbers that get too large alone prove little: another check must have passed.
            if likeness == "both overflowed" and not findings.passed_any(function):
                return False
            stopped += likeness == "both stopped"
            values |= numbers
        if stopped < len(cases) and len(values) < 2:
            # A constant follows from a constant, and from nothing at all.
            return findings.passed_any(function)
        # That both ended alike proves little: on hidden data, numbers must have agreed.
        hidden = {each.id for each in findings.assignment.checks if each.visibility == "hidden"}
        here = check in hidden and stopped < len(cases)
        return not stopped or here or findings.passed_any(function, hidden)

    def _compare(
        self, case: Case, got: Observation, functions: Functions
    ) -> tuple[_Likeness, set[float]]:
        """Compare an observation with a carried run; also return different numbers of the run."""
        arguments = copy.deepcopy(case.call.args)
        judged, wanted, given = [case], [None], [got]
        try:
            wanted[0] = self._carry.run(functions, *arguments)
            if case.call.twice and _moved(case.call.args, arguments):
                # The student's functions change their arguments, so this one does too: it must
                # leave them as the carried run does, and a second call starts from there.
                if changed(arguments, got.arguments or []):
                    return "different", set()
                wanted.append(self._carry.run(functions, *arguments))
                judged = [replace(case, call=replace(case.call, twice=False))] * 2
                given.append(msgspec.structs.replace(got, value=got.again))
        except (CarryStopped, ArithmeticError, TypeError, ValueError, IndexError) as error:
            # The student's function gave something that no loop can work with, such as a
            # matrix of the wrong shape: a right loop ends in the same way.
            return ("both stopped" if _raised_like(got, error) else "different"), set()
        ended_early = functions.exhausted or functions.diverged
        if ended_early and overflowed(got):
            return "both overflowed", set()
        comparison = compare_prefix if ended_early else compare
        try:
            verdict = judge(judged, wanted, given, public=True, comparison=comparison)
        except ValueError:  # the carried run itself left the numbers
            return "different", set()
        if verdict.outcome != "passed":
            return "different", set()
        return "same", _values(case, wanted[0])


def _raised_like(observation: Observation, error: Exception) -> bool:
    """Tell whether a call raised the same kind of exception as a carried run."""
    name = error.raised if isinstance(error, CarryStopped) else type(error).__name__
    failure = observation.failure
    return observation.outcome == "raised" and failure is not None and failure.type == name


def _values(case: Case, value: Any) -> set[float]:
    """Return the different numbers in a value, as far as the case reads them."""
    arrays = [leaf.value for leaf in case.expect.leaves(value)]
    return {
        float(number)
        for array in arrays
        if isinstance(array, np.ndarray)
        for number in np.unique(array)[:2]
    }


def _moved(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Tell whether a carried run changed an array that it was given."""
    return any(
        isinstance(old, np.ndarray) and not np.array_equal(old, new)
        for old, new in zip(before, after, strict=True)
    )


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield all subsets but the empty one, the whole first: usually all wrong functions matter."""
    for size in range(len(names), 0, -1):
        yield from itertools.combinations(names, size)

"""An oracle made of numbers: see `gradpath.course.recorded`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from gradpath.course.checks import Case
from gradpath.course.mistakes import Misconception, Variant
from gradpath.course.recorded import KnownMistake, KnownRun, Recording
from gradpath.engine.session import Session
from gradpath.grading.calls import sized
from gradpath.grading.oracle import Fingerprint, LiveOracle, Plan, is_long
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Call, Observation


def record(
    points: Mapping[str, float],
    plan: Mapping[str, Sequence[Case]],
    oracle: LiveOracle,
    skeleton: str,
) -> Recording:
    """Run the public checks on the solution and on every known mistake."""
    functions = sorted({check.partition(".")[0] for check in plan})
    runs = [
        KnownRun(
            fingerprint.misconception.id,
            function,
            {
                check: list(map(_without_source, seen))
                for check, seen in fingerprint.runs.items()
                if not is_long(seen)
            },
            sorted(fingerprint.failed),
        )
        for function in functions
        for fingerprint in oracle.fingerprints(function)
        if fingerprint.failed
    ]
    mistakes = [
        KnownMistake(
            known.id,
            known.title,
            known.hint,
            # A student's run has no hidden checks, so their names would change nothing there.
            [check for check in known.only_fails if check in plan],
            known.raises,
            known.evidence,
            known.fact,
        )
        for known in oracle.misconceptions
    ]
    references = {
        check: list(map(_without_source, oracle.reference(check))) for check in plan if plan[check]
    }
    return Recording({check: points[check] for check in plan}, references, mistakes, runs, skeleton)


def _without_source(observation: Observation) -> Observation:
    """Leave out where an exception came from: those are lines of the solution or of a variant.

    Only its type and message are compared.
    """
    if observation.failure is None:
        return observation
    failure = msgspec.structs.replace(observation.failure, frames=[])
    return msgspec.structs.replace(observation, failure=failure)


class RecordedOracle:
    """Answers from a recording; there is no solution to call, so no stand-in is answered."""

    def __init__(self, recording: Recording, plan: Mapping[str, Sequence[Case]]) -> None:
        """Use the recording for these cases, which must be those that were recorded."""
        self.plan: Plan = plan
        self._references = recording.references
        self._runs = recording.runs
        self.misconceptions: Sequence[Misconception] = [
            Misconception(
                known.id,
                known.title,
                known.hint,
                (),
                tuple(known.only_fails),
                known.raises,
                known.evidence,
                known.fact,
            )
            for known in recording.mistakes
        ]
        self._by_id = {known.id: known for known in self.misconceptions}

    def reference(self, check: str) -> Sequence[Observation]:
        return self._references[check]

    def calls(self, check: str) -> Sequence[Call]:
        return sized(self.plan[check], self.reference(check))

    def fingerprints(self, function: str, given: Sequence[Variant] = ()) -> Sequence[Fingerprint]:
        return [
            Fingerprint(self._by_id[run.misconception], run.runs, frozenset(run.failed))
            for run in self._runs
            if run.function == function and not given
        ]

    has_solution = False

    def substituted(self, function: str, chosen: tuple[str, ...]) -> None:
        return None

    def for_submission(self, limits: Limits) -> Session:
        raise NotImplementedError("recorded values answer no questions")

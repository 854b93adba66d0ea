"""The oracle: references and fingerprints of known mistakes, computed once a run.

The reference solution and every variant of it (see `mistakes`) run as submissions of their own, in
workers of the same zygote as the students', with the same calls. Their observations depend on the
inputs only, so they are computed once, when they are first needed, and shared by all threads.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from gradpath.course.checks import Case
from gradpath.course.load import Assignment
from gradpath.course.mistakes import Misconception, Variant, apply
from gradpath.course.syntax import parse
from gradpath.engine.answerer import Answerer
from gradpath.engine.session import Session
from gradpath.engine.workers import Workshop
from gradpath.errors import AuthoringError
from gradpath.grading.calls import observe_checks, sized
from gradpath.grading.compare import Reading, changed, compare
from gradpath.grading.questions import Amount, Questions
from gradpath.worker.limits import Limits
from gradpath.worker.protocol import Answer, Call, Cell, Observation, Source

Plan = Mapping[str, Sequence[Case]]
Runs = Mapping[str, Sequence[Observation]]
Readings = dict[tuple[str, int, bool], Reading]
"""By check and case, for the value and for the value of the second call."""

# The seconds are for a whole run: these workers go on from submission to submission.
TRUSTED_LIMITS: Final = Limits(call_seconds=60.0, submission_seconds=86_400.0, memory_mb=4096)

KEPT: Final = 4_000
"""Numbers that are recorded of a known mistake's run of one check. Longer runs are left out:
shorter checks of the same function tell the mistakes apart as well."""


@dataclass(frozen=True)
class Fingerprint:
    """The observations of a known mistake on the checks of one function."""

    misconception: Misconception
    runs: Runs
    failed: frozenset[str]
    """The ids of the checks that it fails."""
    readings: Readings = field(default_factory=dict, compare=False, repr=False)
    """Of values in `runs`, as far as they have been compared with a submission's."""


@dataclass(frozen=True)
class Substituted:
    """The solution's observations of a function's checks, with stand-ins for some others."""

    names: tuple[str, ...]
    runs: Runs
    """Without checks that ask too often: see `questions.LONG`."""
    calls: Mapping[str, Sequence[Call]]
    """As `Oracle.calls` has them, by check."""
    amount: Amount
    longest: str
    """The check among these that asks most often."""
    answers: dict[bytes, Answer]
    """The answers that the solution got: see `Questions`."""
    orders: Mapping[str, Sequence[str]]
    """The names of the solution's arguments, by function."""


class Oracle(Protocol):
    """Knows the values of the solution and of known mistakes on the checks of an assignment."""

    @property
    def plan(self) -> Plan:
        """The cases of each check."""

    @property
    def misconceptions(self) -> Sequence[Misconception]:
        """All known mistakes, common ones first."""

    def reference(self, check: str) -> Sequence[Observation]:
        """The solution's observations, one for each case of the check."""

    def calls(self, check: str) -> Sequence[Call]:
        """The calls of the check, one for each case, with the sizes of right answers."""

    def fingerprints(self, function: str, given: Sequence[Variant] = ()) -> Sequence[Fingerprint]:
        """Known mistakes on the checks of `function`, the common ones first.

        With `given`, the mistakes are made on top of those: for two mistakes in one submission.
        """

    @property
    def has_solution(self) -> bool:
        """True where the solution is here, not its recorded values."""

    def substituted(self, function: str, chosen: tuple[str, ...]) -> Substituted | None:
        """The solution's run of a function with stand-ins for others; None without a solution."""

    def for_submission(self, limits: Limits) -> Session:
        """A session with the solution that answers one submission's stand-ins, and then ends."""


def plan_of(assignment: Assignment, secret: str) -> dict[str, list[Case]]:
    """Build the cases of all checks of an assignment."""
    return {check.id: check.cases(secret, assignment.slug) for check in assignment.checks}


class LiveOracle:
    """References and fingerprints from the solution itself; one object for each thread.

    Threads share their answers (`for_thread`), and each has a workshop of its own.
    """

    def __init__(
        self,
        assignment: Assignment,
        plan: Plan,
        workshop: Workshop,
        answers: _Answers | None = None,
    ) -> None:
        """Prepare; nothing is run before it is asked for.

        Raises:
            AuthoringError: the assignment has no solution here.
        """
        if assignment.solution is None:
            raise AuthoringError(
                f"the solution of {assignment.slug} is not here: this is the student edition, "
                "which can check but not grade"
            )
        self.plan = plan
        self.misconceptions: Sequence[Misconception] = assignment.misconceptions
        self._assignment = assignment
        self._source = assignment.solution
        self._workshop = workshop
        self._answers = answers or _Answers()
        self._bench: Session | None = None
        """Where variants run, one after another in one process: they are the course's own."""

    def for_thread(self, workshop: Workshop) -> LiveOracle:
        """Return an oracle with the same answers that computes in another workshop."""
        return LiveOracle(self._assignment, self.plan, workshop, self._answers)

    def reference(self, check: str) -> Sequence[Observation]:
        return self._run(check.partition(".")[0], ())[check]

    def calls(self, check: str) -> Sequence[Call]:
        known = self._answers.calls.get(check)
        if known is None:
            known = self._answers.calls[check] = sized(self.plan[check], self.reference(check))
        return known

    def fingerprints(self, function: str, given: Sequence[Variant] = ()) -> Sequence[Fingerprint]:
        key = (function, tuple(given))
        known = self._answers.fingerprints.get(key)
        if known is None:
            # Two threads may do this at the same time and come to the same.
            known = self._answers.fingerprints[key] = self._compute_fingerprints(function, given)
        return known

    def _compute_fingerprints(
        self, function: str, given: Sequence[Variant]
    ) -> Sequence[Fingerprint]:
        if given and not self._usable(self._run(function, tuple(given))):
            return []  # stopped by a given mistake: further mistakes would all look the same
        related = {function} if given else self._assignment.builds_on(function)
        wanted = [
            (misconception, (*given, variant))
            for misconception in self.misconceptions
            for variant in misconception.variants
            if variant.function in related
        ]
        # First answers that no thread is computing, then those that others have finished meanwhile.
        for _, variants in wanted:
            self._run(function, variants, wait=False)
        return [
            self._fingerprint(misconception, function, variants, len(given))
            for misconception, variants in wanted
        ]

    def fingerprint(self, misconception: Misconception, variant: Variant) -> Fingerprint:
        """One way of making a known mistake, on the checks of the function that it changes."""
        return self._fingerprint(misconception, variant.function, (variant,))

    def _usable(self, runs: Runs) -> bool:
        """Tell whether runs returned numbers, so that others can be compared with them."""
        return all(
            seen.outcome == "returned"
            and all(isinstance(leaf.value, np.ndarray) for leaf in case.expect.leaves(seen.value))
            for check, observed in runs.items()
            for case, seen in zip(self.plan[check], observed, strict=True)
        )

    def _fingerprint(
        self,
        misconception: Misconception,
        function: str,
        variants: tuple[Variant, ...],
        given: int = 0,
    ) -> Fingerprint:
        """Compare a run with that of the solution, or of the first `given` variants."""
        right = self._run(function, variants[:given])
        runs = self._run(function, variants)
        failed = frozenset(
            check
            for check, seen in runs.items()
            if not all(map(passes, self.plan[check], right[check], seen))
        )
        if variants[-1].function != function:
            # How a function stops says nothing about a mistake that was made in another one.
            runs = {check: seen for check, seen in runs.items() if not raised(seen)}
        return Fingerprint(misconception, runs, failed)

    def _run(self, function: str, variants: tuple[Variant, ...], wait: bool = True) -> Runs:
        """Run the checks of a function on the solution with these variants; once only."""
        key = (function, variants)
        with self._answers.lock:
            future = self._answers.runs.get(key)
            mine = future is None
            if future is None:
                future = self._answers.runs[key] = Future()
        if mine:
            try:
                future.set_result(self._compute(function, variants))
            except BaseException as error:
                with self._answers.lock:
                    del self._answers.runs[key]  # the next thread may have better luck
                future.set_exception(error)
                raise
        return future.result() if wait or mine else {}

    def _compute(self, function: str, variants: tuple[Variant, ...]) -> Runs:
        text = self._source.cells[0].text
        if variants:
            text = apply(text, variants)
        session = self._on_bench(text)
        called = [check for check in self._assignment.checks if check.build is not None]
        own = [check.id for check in called if check.function == function]
        if any(variant.remembers for variant in variants):
            # After the same calls as in a submission: first all public ones; see `Grader`.
            called.sort(key=lambda check: check.visibility == "hidden")
            everything = observe_checks(session, self.plan, [check.id for check in called])
            runs: Runs = {check: everything[check] for check in own}
        else:
            runs = observe_checks(session, self.plan, own)
        if not variants:
            self._must_have_returned(runs)
        return runs

    def _must_have_returned(self, runs: Runs) -> None:
        for check, seen in runs.items():
            for observation in seen:
                if observation.outcome != "returned":
                    why = observation.note or (
                        f"{observation.failure.type}: {observation.failure.message}"
                        if observation.failure
                        else observation.outcome
                    )
                    raise AuthoringError(f"the solution does not get through {check}: {why}")

    def _source_of(self, text: str) -> Source:
        slug = self._assignment.slug
        return Source(slug, (Cell(f"{slug}.py", text),))

    def _on_bench(self, text: str) -> Session:
        if self._bench is None:
            self._bench = self._open(self._source_of(text))
        else:
            self._bench.replace(self._source_of(text))
        return self._bench

    def _open(self, source: Source, questions: Answerer | None = None) -> Session:
        slug = self._assignment.slug
        return Session(
            self._workshop, slug, source, TRUSTED_LIMITS, trusted=True, answerer=questions
        )

    has_solution = True

    def substituted(self, function: str, chosen: tuple[str, ...]) -> Substituted:
        key = (function, chosen)
        known = self._answers.substituted.get(key)
        if known is None:
            # Two threads may do this at the same time and come to the same.
            known = self._answers.substituted[key] = self._substitute(function, chosen)
        return known

    def _substitute(self, function: str, chosen: tuple[str, ...]) -> Substituted:
        runs: dict[str, Sequence[Observation]] = {}
        amounts: dict[str, Amount] = {}
        answers: dict[bytes, Answer] = {}
        checks = [c.id for c in self._assignment.checks_of(function) if c.build is not None]
        solution = self._open(self._source)
        try:
            for check in checks:
                questions = Questions(chosen, solution)
                session = self._open(self._source, questions)
                try:
                    seen = observe_checks(session, self.plan, [check])[check]
                finally:
                    session.close()
                if not questions.exhausted:
                    runs[check] = seen
                    amounts[check] = questions.amount
                    answers |= questions.answers
        finally:
            solution.close()
        self._must_have_returned(runs)
        longest = max(amounts, key=lambda check: amounts[check].questions, default="")
        questions_at_most = amounts[longest].questions if longest else 0
        numbers = max((a.numbers for a in amounts.values()), default=0)
        amount = Amount(questions_at_most, numbers)
        calls = {check: sized(self.plan[check], seen) for check, seen in runs.items()}
        orders = _orders(self._source.cells[0].text)
        return Substituted(chosen, runs, calls, amount, longest, answers, orders)

    def for_submission(self, limits: Limits) -> Session:
        # Not trusted: the submission answers for everything that its values do to this worker.
        return Session(self._workshop, self._assignment.slug, self._source, limits)

    def close(self) -> None:
        """End the session."""
        if self._bench is not None:
            self._bench.close()
        self._bench = None


def _orders(text: str) -> dict[str, list[str]]:
    """Return the names of the arguments of each function in a solution."""
    functions = [node for node in parse(text).body if isinstance(node, ast.FunctionDef)]
    return {node.name: [arg.arg for arg in node.args.args] for node in functions}


def is_long(observations: Sequence[Observation]) -> bool:
    """Tell whether a known mistake's run of a check has too many numbers to be recorded."""
    return sum(map(_count, observations)) > KEPT


def raised(observations: Sequence[Observation]) -> bool:
    """Tell whether one of the calls of a check ended in an exception."""
    return any(observation.outcome == "raised" for observation in observations)


def _count(value: Any) -> int:
    """Count the numbers in observations and values."""
    if isinstance(value, Observation):
        return _count(value.value) + _count(value.again)
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    return int(np.size(value))


def passes(case: Case, expected: Observation, got: Observation) -> bool:
    """Tell whether an observation is right, without saying why."""
    if got.outcome != "returned" or compare(case.expect, expected.value, got.value) is not None:
        return False
    if not case.call.twice:
        return True
    changed = changed_arguments(case, got)
    return (
        not changed and not got.settings and compare(case.expect, expected.value, got.again) is None
    )


def changed_arguments(case: Case, got: Observation) -> list[int]:
    """Return the positions of arguments that the student's function changed."""
    return changed(case.call.args, got.arguments or [])


class _Answers:
    """Answers computed so far; shared by the threads of a run."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.runs: dict[tuple[str, tuple[Variant, ...]], Future[Runs]] = {}
        self.fingerprints: dict[tuple[str, tuple[Variant, ...]], Sequence[Fingerprint]] = {}
        self.substituted: dict[tuple[str, tuple[str, ...]], Substituted] = {}
        self.calls: dict[str, Sequence[Call]] = {}

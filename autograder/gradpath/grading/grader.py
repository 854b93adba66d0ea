"""Grading one submission: the whole way from calls to points, for one assignment."""

from __future__ import annotations

import copy
import difflib
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import numpy as np

from gradpath.course.carried_runs import Carry, CarryStopped, Functions
from gradpath.course.checks import Case, Check
from gradpath.course.load import Assignment
from gradpath.course.mistakes import Variant
from gradpath.engine.clock import Spent, Times
from gradpath.engine.session import Session
from gradpath.engine.workers import Workshop
from gradpath.grading.compare import changed, compare, compare_prefix
from gradpath.grading.diagnosis import diagnose, hints, overflowed
from gradpath.grading.oracle import Oracle, observe_checks
from gradpath.grading.results import HINT, CheckResult, Result, rounded
from gradpath.grading.rules import ModuleSource
from gradpath.grading.verdict import Verdict, judge
from gradpath.worker.protocol import Observation, Source


@dataclass
class _Graded:
    """What is known so far about a submission, function by function."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    seen: dict[str, list[Observation]] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)

    def wrong(self, function: str, checks: Sequence[Check]) -> bool:
        """Tell whether a function has a check that it did not pass on its own."""
        return any(
            self.verdicts[check.id].outcome != "passed" or self.verdicts[check.id].message
            for check in checks
            if check.function == function
        )


class Grader:
    """Grades submissions to one assignment, one after another, in one thread."""

    def __init__(self, assignment: Assignment, oracle: Oracle, workshop: Workshop) -> None:
        """Use this oracle for what is right, and this workshop for the students' workers."""
        self._assignment = assignment
        self._oracle = oracle
        self._workshop = workshop
        self._hints = hints(oracle.misconceptions)
        self.observations: Mapping[str, Sequence[Observation]] = {}
        """What the last submission did, by check; for pictures of it."""
        self.source: Source | None = None
        """The code of the last submission."""
        self.spent = Spent(0.0, Times())
        """How long the calls of the last submission took."""
        self.lost = False
        """Whether a worker of the last submission died of a signal, of its own or from outside."""

    def grade(
        self, source: Source, student: str, file: str, note: str = "", *, final: bool = True
    ) -> Result:
        """Grade a submission; whatever it does, the result has every check.

        Args:
            source: the submission's code.
            student: whose it is.
            file: its path as results name it.
            note: what was noticed when it was read.
            final: count a time limit however it was reached.

        Raises:
            TryAgainAlone: not `final`, and a call stood still until its time was up.
            WorkerLostError: a worker with the course's own code was killed.
        """
        limits = self._assignment.settings.limits
        session = Session(self._workshop, self._assignment.slug, source, limits, final=final)
        graded = _Graded()
        self.observations, self.source = graded.seen, source
        static = ModuleSource((cell.name, cell.text) for cell in source.cells)
        try:
            for function in self._assignment.functions:
                self._grade_function(function, session, static, graded)
        finally:
            self.spent = session.spent()
            session.close()
        self.lost = session.lost
        notes = [note, *self._notes(session, static)]
        return self._result(graded, student, file, "; ".join(filter(None, notes)))

    def _grade_function(
        self, function: str, session: Session, static: ModuleSource, graded: _Graded
    ) -> None:
        checks = self._assignment.checks_of(function)
        called = [check for check in checks if check.build is not None]
        seen = observe_checks(session, self._oracle.plan, [check.id for check in called])
        graded.seen |= seen
        for check in called:
            graded.verdicts[check.id] = self._judge(check, seen[check.id])
        self._carry_forward(function, session, graded)
        self._skip_dependent(function, graded)
        for check in checks:
            if check.rule is not None:
                graded.verdicts[check.id] = self._judge_rule(check, static, graded)
        self._diagnose(function, graded)

    def _judge(self, check: Check, seen: Sequence[Observation]) -> Verdict:
        expected = [observation.value for observation in self._oracle.reference(check.id)]
        cases = self._oracle.plan[check.id]
        return judge(cases, expected, seen, public=check.visibility == "public")

    # Errors carried forward

    def _carry_forward(self, function: str, session: Session, graded: _Graded) -> None:
        """Let checks pass that follow from the student's own earlier functions."""
        carry = self._assignment.carries.get(function)
        failed = self._failed(function, graded)
        if carry is None or not failed or self._oracle.solution() is None:
            return
        wrong = [need for need in carry.needs if graded.wrong(need, self._assignment.checks)]
        for chosen in _subsets(wrong):
            text = f"right with your own {' and '.join(chosen)}: no points are lost twice"
            # Again while something passes: it may be the evidence that another check waits for.
            while followed := [
                check for check in failed if self._follows(check, carry, chosen, session, graded)
            ]:
                graded.verdicts.update(dict.fromkeys(followed, Verdict("passed", text)))
                failed = self._failed(function, graded)
            if not failed:
                return

    def _follows(
        self, check: str, carry: Carry, chosen: Sequence[str], session: Session, graded: _Graded
    ) -> bool:
        """Tell whether a check is right if `chosen` functions are the student's own."""
        cases = self._oracle.plan[check]
        reference = self._oracle.solution()
        if reference is None or any(case.call.function != carry.function for case in cases):
            return False
        stopped = 0
        values: set[float] = set()
        for case, got in zip(cases, graded.seen[check], strict=True):
            functions = Functions(session, reference, chosen)
            arguments = copy.deepcopy(case.call.args)
            judged, wanted, given = [case], [None], [got]
            try:
                wanted[0] = carry.run(functions, *arguments)
                if case.call.twice and _moved(case.call.args, arguments):
                    # The student's functions change their arguments, so this one does too: it must
                    # leave them as the carried run does, and a second call starts from there.
                    if changed(arguments, got.arguments or []):
                        return False
                    wanted.append(carry.run(functions, *arguments))
                    judged = [replace(case, call=replace(case.call, twice=False))] * 2
                    given.append(msgspec.structs.replace(got, value=got.again))
            except (
                CarryStopped,
                ArithmeticError,
                TypeError,
                ValueError,
                IndexError,
            ) as error:
                # The student's function gave something that no loop can work with, such as a
                # matrix of the wrong shape: a right loop ends in the same way.
                if not _raised_like(got, error):
                    return False
                stopped += 1
                continue
            ended_early = functions.exhausted or functions.diverged
            if ended_early and overflowed(got):
                # Numbers that get too large alone prove little: another check must have passed.
                if not self._passed_any(carry.function, graded):
                    return False
                continue
            comparison = compare_prefix if ended_early else compare
            try:
                verdict = judge(judged, wanted, given, public=True, comparison=comparison)
            except ValueError:  # the carried run itself left the numbers
                return False
            if verdict.outcome != "passed":
                return False
            values.update(_values(case, wanted[0]))
        if stopped < len(cases) and len(values) < 2:
            # A constant follows from a constant, and from nothing at all.
            return self._passed_any(carry.function, graded)
        # That both ended alike proves little: on hidden data, numbers must have agreed.
        hidden = {each.id for each in self._assignment.checks if each.visibility == "hidden"}
        here = check in hidden and stopped < len(cases)
        return not stopped or here or self._passed_any(carry.function, graded, hidden)

    def _passed_any(
        self, function: str, graded: _Graded, among: Collection[str] | None = None
    ) -> bool:
        return any(
            graded.verdicts[check.id].outcome == "passed"
            for check in self._assignment.checks_of(function)
            if check.id in graded.verdicts and (among is None or check.id in among)
        )

    def _skip_dependent(self, function: str, graded: _Graded) -> None:
        """Do not judge what cannot be told apart from a mistake in an earlier function."""
        needs = self._assignment.settings.needs.get(function, ())
        wrong = [need for need in needs if graded.wrong(need, self._assignment.checks)]
        if not wrong:
            return
        can_carry = function in self._assignment.carries and self._oracle.solution() is not None
        for check in self._failed(function, graded):
            verdict = graded.verdicts[check]
            if verdict.origin in wrong:
                text = f"stopped inside {verdict.origin}, which has to work first"
            elif not can_carry and verdict.outcome in ("failed", "raised"):
                names = " and ".join(wrong)
                text = f"builds on {names}; get that right first, then look here again"
            else:
                continue
            graded.verdicts[check] = Verdict("skipped", text)

    # Diagnosis

    def _diagnose(self, function: str, graded: _Graded) -> None:
        failed = [
            check
            for check in self._failed(function, graded)
            if graded.verdicts[check].outcome in ("failed", "raised") and check in graded.seen
        ]
        if not failed:
            return
        oracle = self._oracle
        own = {check.id for check in self._assignment.checks_of(function)}
        seen = {check: runs for check, runs in graded.seen.items() if check in own}
        named: dict[str, list[str]] = {}
        for given in self._mistakes_before(function, graded):
            prints = oracle.fingerprints(function, given)
            named = diagnose(oracle.plan, seen, failed, prints, oracle.misconceptions)
            if any(named.values()):
                break
        graded.named.update(named)

    def _mistakes_before(self, function: str, graded: _Graded) -> Iterator[tuple[Variant, ...]]:
        """Yield what to assume: nothing, then the mistakes named in the functions needed."""
        yield ()
        if self._oracle.solution() is None:
            return
        known = {known.id: known for known in self._oracle.misconceptions}
        for need in self._assignment.settings.needs.get(function, ()):
            names = {
                ids[0]
                for check, ids in graded.named.items()
                if ids and check.startswith(f"{need}.")
            }
            for name in sorted(names):
                yield from ((v,) for v in known[name].variants if v.function == need)

    # Rules and results

    def _judge_rule(self, check: Check, static: ModuleSource, graded: _Graded) -> Verdict:
        if check.rule is None:
            raise AssertionError(check.id)
        if not static.is_written(check.function):
            return Verdict("not_attempted", f"{check.function} is not written yet")
        others = set(self._assignment.functions) - {check.function}
        use = static.find(check.function, check.rule.forbidden, others)
        if use is not None:
            text = f"{use.cell}, line {use.line} uses {use.name}: {check.rule.reason}"
            return Verdict("failed", text)
        if graded.verdicts[check.after].outcome != "passed":
            return Verdict("skipped", f"counts once {check.function} gives the right numbers")
        return Verdict("passed")

    def _failed(self, function: str, graded: _Graded) -> list[str]:
        return [
            check.id
            for check in self._assignment.checks_of(function)
            if check.id in graded.verdicts and graded.verdicts[check.id].outcome != "passed"
        ]

    def _notes(self, session: Session, static: ModuleSource) -> Iterator[str]:
        for name in session.broken_cells:
            yield f"{name} of the notebook raises an exception; the other cells were run"
        allowed = self._assignment.settings.allowed_imports
        unexpected = sorted(static.imports - set(allowed)) if allowed else []
        if unexpected:
            yield f"imports {', '.join(unexpected)}, which this assignment does not need"
        written = static.definitions.keys()
        for function in self._assignment.functions:
            near = difflib.get_close_matches(function, written - set(self._assignment.functions), 1)
            if function not in written and near:
                yield f"{function} is missing; is {near[0]} meant to be it?"

    def _result(self, graded: _Graded, student: str, file: str, note: str) -> Result:
        points = self._assignment.points
        checks = []
        for check in self._assignment.checks:
            verdict = graded.verdicts[check.id]
            named = graded.named.get(check.id, []) if verdict.outcome != "passed" else []
            message = verdict.message
            if named:
                message = f"{message}\n{HINT}{self._hints[named[0]]}"
            maximum = points[check.id]
            checks.append(
                CheckResult(
                    check.id,
                    check.title,
                    check.visibility,
                    maximum if verdict.outcome == "passed" else 0.0,
                    maximum,
                    verdict.outcome,
                    message,
                    named,
                    verdict.divergence,
                )
            )
        return Result(
            self._assignment.slug,
            student,
            file,
            rounded(sum(check.points for check in checks)),
            maximum_score(self._assignment),
            "graded",
            checks,
            note,
        )


def unreadable(assignment: Assignment, student: str, file: str, message: str) -> Result:
    """Return the result of a submission that cannot be loaded as a module."""
    maximum = maximum_score(assignment)
    return Result(assignment.slug, student, file, 0.0, maximum, "unreadable", [], message)


def maximum_score(assignment: Assignment) -> float:
    """Return the points of all checks that this grading uses."""
    return rounded(sum(assignment.points[check.id] for check in assignment.checks))


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
    """Yield all subsets but the empty one, the whole first: usually all that is wrong is used."""
    for size in range(len(names), 0, -1):
        yield from itertools.combinations(names, size)

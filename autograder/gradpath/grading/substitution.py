"""Errors carried forward: no points are lost twice for one mistake.

A later function that fails runs again, in a fresh worker, with each wrong earlier function replaced
by a stand-in that asks here for the right value (see `gradpath.worker.substitutes`). If it is right
then, it keeps its points. Nothing else of such a run is shown or kept.

A stand-in is an oracle, so its questions are bounded by the call that is being checked: the
functions, the number of questions, the numbers in a question. Where the later function is a
derivative by hand, autograd does not pass through, and only its own arguments may be asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from gradpath.course.checks import Case
from gradpath.course.expectations import Record
from gradpath.course.load import Assignment
from gradpath.engine.notes import ASKED_TOO_OFTEN
from gradpath.engine.session import Session
from gradpath.grading.calls import observe_checks
from gradpath.grading.findings import Findings
from gradpath.grading.oracle import Oracle, Plan, Substituted, passes
from gradpath.grading.questions import BoundedQuestions
from gradpath.grading.verdict import Verdict, judge
from gradpath.grading.watched import by_hand, watch
from gradpath.text.messages import Message, counted, joined
from gradpath.worker.protocol import Observation


class Substitution:
    """Runs of one submission's later functions with right earlier ones."""

    def __init__(self, assignment: Assignment, oracle: Oracle, plain: Session) -> None:
        """Prepare; nothing runs before it is needed.

        Args:
            assignment: its `needs` say which functions build on which.
            oracle: has the right values.
            plain: the session of the submission's plain run, which has ended.
        """
        self._assignment = assignment
        self._oracle = oracle
        self._plain = plain
        self._solution: Session | None = None

    def try_again(self, function: str, findings: Findings) -> None:
        """Let checks of a function pass that pass with right earlier functions."""
        chosen = tuple(findings.wrong(self._assignment.settings.needs.get(function, ())))
        plan = self._oracle.plan
        failed = [check for check in findings.failed(function) if plan[check]]
        failed = [check for check in failed if _may_be_right(findings.verdicts[check], function)]
        cancelled = [check for check in failed if self._cancels(chosen, check, findings)]
        text = Message(
            "right but for the numbers of {names}: no points are lost twice",
            names=joined(" and ", chosen),
        )
        findings.verdicts.update(dict.fromkeys(cancelled, Verdict("passed", text)))
        failed = [check for check in failed if check not in cancelled]
        if not chosen or not failed:
            return
        followed, questions = self._followed(function, chosen, failed, findings)
        left = [check for check in failed if check not in followed]
        if left and questions is not None and questions.reordered:
            # Later functions may keep to the text where the wrong one does not.
            more, _ = self._followed(function, chosen, left, findings, by_position=True)
            followed |= more
            left = [check for check in left if check not in more]
        # They may keep to the submission's own order, which its own function alone knows.
        rest = tuple(n for n in chosen if questions is None or n not in questions.moved)
        # Functions that are right once others are right give values of a wrong kind until then.
        roots = tuple(name for name in chosen if findings.failed(name))
        for fewer in dict.fromkeys((rest, roots)):
            if left and fewer and fewer != chosen:
                more, _ = self._followed(function, fewer, left, findings)
                followed |= more
                left = [check for check in left if check not in more]
        text = counted(
            "right once {names} is right: no points are lost twice",
            "right once {names} are right: no points are lost twice",
            len(chosen),
            names=joined(" and ", chosen),
        )
        passed = Verdict("passed", text)
        findings.verdicts.update(dict.fromkeys(followed, passed))

    def _followed(
        self,
        function: str,
        chosen: tuple[str, ...],
        failed: Sequence[str],
        findings: Findings,
        *,
        by_position: bool = False,
        as_tensors: bool = False,
    ) -> tuple[set[str], BoundedQuestions | None]:
        """Return the checks among those failed that pass with some functions replaced."""
        reference = self._oracle.substituted(function, chosen)
        here = [check for check in failed if reference is not None and check in reference.runs]
        if reference is None or not here:
            return set(), None
        if self._solution is None:
            self._solution = self._oracle.for_submission(self._assignment.settings.limits)
        questions = BoundedQuestions(
            reference.names,
            self._solution,
            reference.amount,
            reference.answers,
            by_hand=by_hand(self._assignment, function),
            orders=reference.orders,
            by_position=by_position,
            as_tensors=as_tensors,
        )
        observed = self._run(function, reference, questions, here, findings)
        plan = self._oracle.plan
        followed = {check for check in here if _passes(plan, reference, check, observed[check])}
        missed = [check for check in here if check not in followed]
        if missed == [reference.longest] and _asks_too_often(observed[reference.longest]):
            missed = []  # as by a forward pass for each sample, where the solution has one for all
        if missed and not as_tensors and any(_takes_no_array(observed[check]) for check in missed):
            # A function that stops or is not there does not show that it would give tensors.
            more, _ = self._followed(
                function, chosen, missed, findings, by_position=by_position, as_tensors=True
            )
            followed |= more
            missed = [check for check in missed if check not in more]
        if followed and not missed:
            # A check that takes too many questions follows from all others together.
            followed = set(failed)
        return followed, questions

    def _cancels(self, wrong: Sequence[str], check: str, findings: Findings) -> bool:
        """Tell whether a check is right but for a factor in the numbers of a wrong function.

        A step up along a gradient of the wrong sign goes down.
        """
        cases, right = self._oracle.plan[check], self._oracle.reference(check)
        seen = [
            _without_factor(case, wrong, want, got)
            for case, want, got in zip(cases, right, findings.observations[check], strict=True)
        ]
        return bool(wrong) and all(map(passes, cases, right, seen))

    def _run(
        self,
        function: str,
        reference: Substituted,
        questions: BoundedQuestions,
        checks: Sequence[str],
        findings: Findings,
    ) -> Mapping[str, Sequence[Observation]]:
        """Make the calls of some checks, and that of a rule which counts after one of them.

        That one is made before the hidden ones: see `watched`.
        """
        session = self._plain.again(questions)
        try:
            plan, calls = self._oracle.plan, reference.calls.__getitem__
            known = {check.id for check in self._assignment.checks if check.visibility == "public"}
            public = [check for check in checks if check in known]
            seen = observe_checks(session, plan, public, calls)
            followed = {check for check in public if _passes(plan, reference, check, seen[check])}
            passed = followed.__contains__
            seen_by_rules = watch(session, plan, self._assignment, passed, function)
            findings.evidence = seen_by_rules | findings.evidence
            hidden = [check for check in checks if check not in known]
            return seen | observe_checks(session, plan, hidden, calls)
        finally:
            # A worker that somebody killed, this one or that with the solution, costs no points.
            self._plain.lost |= session.lost or questions.lost
            session.close()

    def close(self) -> None:
        """End the worker with the solution."""
        if self._solution is not None:
            self._solution.close()


def _may_be_right(verdict: Verdict, function: str) -> bool:
    """Tell whether a check may have failed because of another function."""
    return verdict.outcome != "not_attempted" or verdict.origin not in ("", function)


def _without_factor(
    case: Case, wrong: Sequence[str], expected: Observation, got: Observation
) -> Observation:
    if not isinstance(case.expect, Record):
        return got
    value, again = (
        case.expect.without_factor(wrong, expected.value, value) for value in (got.value, got.again)
    )
    return msgspec.structs.replace(got, value=value, again=again)


def _takes_no_array(seen: Sequence[Observation]) -> bool:
    failures = [one.failure for one in seen if one.failure is not None]
    return any("'numpy." in one.message and one.type == "AttributeError" for one in failures)


def _asks_too_often(seen: Sequence[Observation]) -> bool:
    return any(observation.note == ASKED_TOO_OFTEN for observation in seen)


def _passes(plan: Plan, reference: Substituted, check: str, seen: Sequence[Observation]) -> bool:
    expected = [observation.value for observation in reference.runs[check]]
    return judge(plan[check], expected, seen, public=False).outcome == "passed"

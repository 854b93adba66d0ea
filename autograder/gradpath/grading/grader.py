"""Grading one submission: the whole way from calls to points, for one assignment."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from gradpath.course.checks import Check, Visibility
from gradpath.course.load import Assignment
from gradpath.course.mistakes import Variant
from gradpath.engine.session import Session
from gradpath.engine.workers import Workshop
from gradpath.grading.calls import observe_checks
from gradpath.grading.diagnosis import Diagnosis, diagnose, hints
from gradpath.grading.evidence import shows
from gradpath.grading.findings import Findings
from gradpath.grading.graded import Graded, maximum_score, unreadable
from gradpath.grading.oracle import Oracle, Runs
from gradpath.grading.remarks import meant, notes_of, other_assignment, reason
from gradpath.grading.results import CheckResult, Result, rounded, with_hint
from gradpath.grading.rules import ModuleSource
from gradpath.grading.slips import SLIPS, slips_in
from gradpath.grading.substitution import Substitution
from gradpath.grading.verdict import Verdict, cell_of, judge, not_written
from gradpath.grading.watched import objection, watch
from gradpath.text import some
from gradpath.text.messages import Message, counted, joined
from gradpath.worker.protocol import Observation, Source

_PUBLIC_PART: Final = 0.75
"""The part of its seconds that a submission may spend on public calls. They all come first, and a
function that is right must not lose its hidden checks because others are endless."""
_OWN_WORK: Final = Message("this function is to work by itself, with those that it builds on")


class Grader:
    """Grades submissions to one assignment, one after another, in one thread."""

    def __init__(self, assignment: Assignment, oracle: Oracle, workshop: Workshop) -> None:
        """Take references from this oracle, and the students' workers from this workshop."""
        self._assignment = assignment
        self._oracle = oracle
        self._workshop = workshop
        self._hints = hints([*oracle.misconceptions, *SLIPS])

    def grade(
        self, source: Source, student: str, file: str, note: str = "", *, final: bool = True
    ) -> Graded:
        """Grade a submission; the result always has every check.

        Args:
            source: the submission's code.
            student: the student's id.
            file: its path as results name it.
            note: a remark about how it was read, which becomes part of the result's message.
            final: count a time limit however it was reached.

        Raises:
            TryAgainAlone: not `final`, and a call stood still until its time was up.
            WorkerLostError: a worker with the course's own code was killed.
        """
        limits = self._assignment.settings.limits
        slug, functions = self._assignment.slug, self._assignment.functions
        session = Session(self._workshop, slug, source, limits, final=final, functions=functions)
        findings = Findings(self._assignment)
        static = ModuleSource((cell.name, cell.text) for cell in source.cells)
        try:
            # Students see the answers in public checks, so no hidden input may leave the grader
            # before the last of these observations is here: a submission could show it in them.
            session.limit_to(_PUBLIC_PART)
            public = self._observe(session, "public")
            session.limit_to(1.0)
            findings.observations |= public
            self._judge_calls(findings)
            passed = {
                id for id, verdict in findings.verdicts.items() if verdict.outcome == "passed"
            }
            plan, assignment = self._oracle.plan, self._assignment
            findings.evidence |= watch(session, plan, assignment, passed.__contains__)
            findings.observations |= self._observe(session, "hidden")
        finally:
            session.close()
        if why := _nothing_to_grade(session, static, findings):
            message = joined("; ", [note, *source.notes, why])
            graded = unreadable(self._assignment, student, file, message, source)
            return replace(graded, lost=session.lost)
        self._judge_calls(findings)
        again = Substitution(self._assignment, self._oracle, session)
        try:
            for function in self._assignment.functions:
                self._grade_function(function, again, static, findings)
        finally:
            again.close()
        spent = session.spent()
        notes = [note, *source.notes, *self._notes(session, static)]
        result = self._result(findings, student, file, joined("; ", notes))
        return Graded(result, source, public, spent, session.lost)

    def judge_runs(self, function: str, runs: Runs, source: Source, file: str) -> Result:
        """Judge one function by observations that are here already, without a worker."""
        findings = Findings(self._assignment)
        findings.observations |= {check: list(seen) for check, seen in runs.items()}
        static = ModuleSource((cell.name, cell.text) for cell in source.cells)
        self._judge_calls(findings)
        self._grade_function(function, None, static, findings)
        return self._result(findings, "", file, "")

    def _observe(self, session: Session, visibility: Visibility) -> dict[str, list[Observation]]:
        """Make the calls of all public checks, or of all hidden ones."""
        called = [
            check.id
            for check in self._assignment.checks
            if check.visibility == visibility and check.build is not None
        ]
        return observe_checks(session, self._oracle.plan, called, self._oracle.calls)

    def _grade_function(
        self,
        function: str,
        again: Substitution | None,
        static: ModuleSource,
        findings: Findings,
    ) -> None:
        if again is not None:
            again.try_again(function, findings)
        self._skip_dependent(function, findings)
        for check in self._assignment.checks_of(function):
            if check.rule is not None:
                findings.verdicts[check.id] = self._judge_rule(check, static, findings)
            elif findings.verdicts[check.id].outcome == "passed":
                verdict = self._objection(check, _OWN_WORK, findings)
                if verdict is not None:
                    findings.verdicts[check.id] = verdict
                    findings.ruled.add(check.id)
        self._diagnose(function, static, findings)

    def _judge_calls(self, findings: Findings) -> None:
        """Judge the checks whose calls have been made since the last time."""
        for check in self._assignment.checks:
            if check.id in findings.observations and check.id not in findings.verdicts:
                findings.verdicts[check.id] = self._judge(check, findings.observations[check.id])

    def _judge(self, check: Check, seen: Sequence[Observation]) -> Verdict:
        expected = [observation.value for observation in self._oracle.reference(check.id)]
        cases = self._oracle.plan[check.id]
        return judge(cases, expected, seen, public=check.visibility == "public")

    def _skip_dependent(self, function: str, findings: Findings) -> None:
        """Skip failed checks that cannot be told apart from a mistake in an earlier function."""
        needs = self._assignment.settings.needs.get(function, ())
        wrong = findings.wrong(needs)
        if not wrong:
            return
        for check in findings.failed(function):
            verdict = findings.verdicts[check]
            if verdict.origin in wrong:
                text = Message(
                    "stopped inside {function}, which has to work first", function=verdict.origin
                )
            elif not self._oracle.has_solution and verdict.outcome in ("failed", "raised"):
                text = counted(
                    "judged here once {names} is right; the grade judges it now",
                    "judged here once {names} are right; the grade judges it now",
                    len(wrong),
                    names=joined(" and ", (f"`{name}`" for name in wrong)),
                )
            else:
                continue
            findings.verdicts[check] = Verdict("skipped", text)

    # Diagnosis

    def _diagnose(self, function: str, static: ModuleSource, findings: Findings) -> None:
        """Name mistakes; on public checks, which students see, from public observations alone."""
        everything = self._assignment.checks
        public = [check for check in everything if check.visibility == "public"]
        # Many variants ask for the same evidence, and each reading walks the source.
        evidence = functools.cache(functools.partial(shows, static.definitions, function))
        for among in (everything, public):
            diagnosis = self._named(function, among, evidence, findings)
            slips = slips_in(static.definitions, function) if diagnosis.names else []
            named = {check: [*slips, *ids] for check, ids in diagnosis.names.items()}
            findings.misconceptions |= named
            again = diagnosis.names.keys()
            findings.facts = {fact for fact in findings.facts if fact[0] not in again}
            findings.facts |= diagnosis.facts

    def _named(
        self,
        function: str,
        among: Sequence[Check],
        evidence: Callable[[str], bool],
        findings: Findings,
    ) -> Diagnosis:
        """Name the mistakes behind failed checks of a function, with no evidence but `among`."""
        ids = {check.id for check in among}
        own = {check.id for check in among if check.function == function}
        seen = {check: runs for check, runs in findings.observations.items() if check in own}
        failed = [
            check
            for check in findings.failed(function)
            if findings.verdicts[check].outcome in ("failed", "raised")
            and check in seen
            and check not in findings.ruled
        ]
        diagnosis = Diagnosis()
        if not failed:
            return diagnosis
        oracle = self._oracle
        for given in self._mistakes_before(function, ids, findings):
            prints = oracle.fingerprints(function, given)
            diagnosis = diagnose(oracle.plan, seen, failed, prints, oracle.misconceptions, evidence)
            if given:
                # Beside another mistake, numbers that the solution has right are wrong as well.
                diagnosis = replace(diagnosis, facts=frozenset())
            if any(diagnosis.names.values()):
                break
        return diagnosis

    def _mistakes_before(
        self, function: str, among: Collection[str], findings: Findings
    ) -> Iterator[tuple[Variant, ...]]:
        """Yield assumptions: no mistake, then each one that is named in the functions needed."""
        yield ()
        if not self._oracle.has_solution:
            return
        known = {known.id: known for known in self._oracle.misconceptions}
        for need in self._assignment.settings.needs.get(function, ()):
            names = {
                ids[0]
                for check, ids in findings.misconceptions.items()
                if ids and check in among and check.startswith(f"{need}.") and ids[0] in known
            }
            for name in sorted(names):
                yield from ((v,) for v in known[name].variants if v.function == need)

    # Rules and results

    def _judge_rule(self, check: Check, static: ModuleSource, findings: Findings) -> Verdict:
        if check.rule is None:
            raise AssertionError(check.id)
        if not static.is_written(check.function):
            return Verdict("not_attempted", not_written(check.function))
        others = set(self._assignment.functions) - {check.function}
        use = static.find(check.function, check.rule.forbidden, others)
        if use is not None:
            reason = Message(check.rule.reason)
            text = Message(
                "{cell}, line {line} uses {name}: {reason}",
                cell=cell_of(use.cell),
                line=use.line,
                name=use.name,
                reason=reason,
            )
            return Verdict("failed", text)
        if findings.verdicts[check.after].outcome != "passed":
            return Verdict(
                "skipped",
                Message(
                    "counts as soon as {function} gives the right numbers", function=check.function
                ),
            )
        return self._objection(check, Message(check.rule.reason), findings) or Verdict("passed")

    def _objection(self, check: Check, reason: str, findings: Findings) -> Verdict | None:
        """Return the verdict where evidence speaks against a function."""
        did = objection(self._assignment, check, findings.evidence)
        if not did:
            return None
        text = Message(
            "when it was called, {function} {did}: {reason}",
            function=check.function,
            did=did,
            reason=reason,
        )
        return Verdict("failed", text)

    def _notes(self, session: Session, static: ModuleSource) -> Iterator[str]:
        yield from notes_of(session.remarks, session.remarked)
        allowed = self._assignment.settings.allowed_imports
        own = self._assignment.slug
        unexpected = sorted(static.imports - {own, *allowed}) if allowed else []
        if unexpected:
            note: Message = Message(
                "imports {names}, which this assignment does not need", names=some(unexpected)
            )
            # A student's machine may have packages that submissions cannot open elsewhere.
            apart = [name for name in unexpected if name not in sys.stdlib_module_names]
            if apart and not self._oracle.has_solution:
                note = joined(
                    "; ",
                    [
                        note,
                        Message(
                            "{names} may be missing where it is graded, with all that needs it",
                            names=some(apart),
                        ),
                    ],
                )
            yield note
        if other := other_assignment(self._assignment, static.definitions.keys()):
            yield other
            return
        yield from meant(self._assignment.functions, static.definitions.keys())

    def _result(self, findings: Findings, student: str, file: str, note: str) -> Result:
        points = self._assignment.points
        checks = []
        for check in self._assignment.checks:
            verdict = findings.verdicts[check.id]
            named = findings.misconceptions.get(check.id, []) if verdict.outcome != "passed" else []
            message = verdict.message
            if named:
                with_fact = (check.id, named[0]) in findings.facts
                message = with_hint(message, self._hints[named[0]][with_fact])
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


def _nothing_to_grade(session: Session, static: ModuleSource, findings: Findings) -> str:
    """Return why a submission has no function of its assignment; nothing if it has one."""
    if session.unloaded:
        return session.unloaded
    seen = [call for calls in findings.observations.values() for call in calls]
    if any(call.outcome != "missing" for call in seen):
        return ""
    written = static.definitions.keys()
    return reason(session.remarks, findings.assignment, written, session.source)

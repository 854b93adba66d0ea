"""From observations to the outcome of a check, with a message that a student understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradpath.course.checks import ELIDED, Case
from gradpath.grading.compare import Mismatch, compare
from gradpath.grading.oracle import changed_arguments
from gradpath.grading.results import Divergence, Outcome
from gradpath.worker.protocol import Failure, Observation


@dataclass(frozen=True)
class Verdict:
    """How a check went; `function` is where an exception came from, if one did."""

    outcome: Outcome
    message: str = ""
    divergence: Divergence | None = None
    origin: str = ""


PASSED = Verdict("passed")


def judge(
    cases: Sequence[Case],
    expected: Sequence[object],
    seen: Sequence[Observation],
    *,
    public: bool,
) -> Verdict:
    """Judge a check: the first case that is wrong decides.

    Args:
        cases: the check's cases.
        expected: the value that each case should return.
        seen: the observations of the student's code, one a case.
        public: whether messages may show the arguments of the call.
    """
    for case, want, got in zip(cases, expected, seen, strict=True):
        verdict = _judge_case(case, want, got)
        if verdict.outcome != "passed":
            if public and _shows_call(case, verdict):
                return replace(verdict, message=f"{case.call.shown}: {verdict.message}")
            return verdict
    return PASSED


def _shows_call(case: Case, verdict: Verdict) -> bool:
    """Tell whether a message begins with the call; a long one says little about a step of a run."""
    if ELIDED in case.call.shown and not verdict.message.startswith("result"):
        return False
    return case.call.shown != "" and verdict.outcome != "not_attempted"


def _judge_case(case: Case, want: object, got: Observation) -> Verdict:
    name = case.call.function
    if got.outcome == "missing":
        missing = got.value if isinstance(got.value, str) else name
        return Verdict("not_attempted", f"{missing} is not defined in your file", origin=missing)
    if got.outcome == "not_implemented":
        where = _innermost(got.failure)
        return Verdict("not_attempted", f"{where or name} is not written yet", origin=_owner(where))
    if got.outcome == "timeout" or got.outcome == "killed":
        return Verdict(got.outcome, f"{name} {got.note}")
    if got.outcome == "raised":
        return Verdict("raised", _raised(case, got), origin=_owner(_innermost(got.failure)))
    mismatch = compare(case.expect, want, got.value)
    if mismatch is not None:
        return _failed(mismatch)
    if not case.call.twice:
        return PASSED
    changed = changed_arguments(case, got)
    if changed:
        return Verdict("failed", f"the call changed its {_ordinal(changed[0])} argument")
    if got.settings:
        return Verdict("failed", f"the call changed {got.settings[0]}, which is the caller's")
    again = compare(case.expect, want, got.again)
    if again is not None:
        return _failed(replace(again, text=f"a second call with the same arguments: {again.text}"))
    return PASSED


def _failed(mismatch: Mismatch) -> Verdict:
    divergence = None
    if mismatch.where is not None:
        divergence = Divergence(mismatch.where, mismatch.got, mismatch.expected)
    return Verdict("failed", mismatch.text, divergence)


def _raised(case: Case, got: Observation) -> str:
    if got.failure is None:
        return f"{case.call.function} {got.note}"
    text = f"{got.failure.type}: {got.failure.message}".removesuffix(": ")
    frames = got.failure.frames
    if not frames:
        # No line of the student's: the call itself did not fit.
        return f"the call failed with {text}"
    last = frames[-1]
    place = f"{last.cell}, line {last.line}"
    if last.source:
        place += f" ({last.source})"
    return f"{text}, at {place}"


def _innermost(failure: Failure | None) -> str:
    """The student's function in which the exception was raised, as `Class.method` for a method."""
    if failure is None or not failure.frames:
        return ""
    name = failure.frames[-1].function.partition(".<locals>")[0]
    return "" if name.startswith("<") else name


def _owner(name: str) -> str:
    """The function or class of the module that a qualified name belongs to."""
    return name.partition(".")[0]


def _ordinal(position: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth")
    return words[position] if position < len(words) else f"{position + 1}th"

"""From observations to the outcome of a check, with a message that a student understands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from gradpath.course.checks import ELIDED, Case
from gradpath.grading.compare import Mismatch, compare
from gradpath.grading.oracle import changed_arguments
from gradpath.grading.results import Divergence, Outcome
from gradpath.text.messages import Message, joined
from gradpath.worker.protocol import Failure, Frame, Observation


@dataclass(frozen=True)
class Verdict:
    """How a check went; `function` is where an exception came from, if one did."""

    outcome: Outcome
    message: str = ""
    divergence: Divergence | None = None
    origin: str = ""


PASSED = Verdict("passed")
_CELL: Final = re.compile(r"(?P<aside>the text after )?cell (?P<number>\d+)")
_ORDINALS: Final = (
    Message("first"),
    Message("second"),
    Message("third"),
    Message("fourth"),
    Message("fifth"),
    Message("sixth"),
)


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
                text = Message("{call}: {message}", call=case.call.shown, message=verdict.message)
                return replace(verdict, message=text)
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
        return Verdict("not_attempted", _not_defined(missing), origin=missing)
    if got.outcome == "not_implemented":
        where = _innermost(got.failure)
        return Verdict("not_attempted", not_written(where or name), origin=_owner(where))
    if got.outcome == "timeout" or got.outcome == "killed":
        return Verdict(got.outcome, Message("{name} {note}", name=name, note=got.note))
    if got.outcome == "raised":
        return Verdict("raised", _raised(case, got), origin=_owner(_innermost(got.failure)))
    mismatch = compare(case.expect, want, got.value)
    if mismatch is not None:
        return _failed(mismatch)
    if not case.call.twice:
        return PASSED
    changed = changed_arguments(case, got)
    if changed:
        text = Message("the call changed its {ordinal} argument", ordinal=_ordinal(changed[0]))
        return Verdict("failed", text)
    if got.settings:
        setting = Message(got.settings[0])
        text = Message("the call changed {setting}, which is the caller's", setting=setting)
        return Verdict("failed", text)
    again = compare(case.expect, want, got.again)
    if again is not None:
        text = Message("a second call with the same arguments: {text}", text=again.text)
        return _failed(replace(again, text=text))
    return PASSED


def not_written(name: str) -> Message:
    """Return the message about a function that is still to be written."""
    return Message("{name} is not written yet", name=name)


def _not_defined(name: str) -> Message:
    return Message("{name} is not defined in your file", name=name)


def _failed(mismatch: Mismatch) -> Verdict:
    divergence = None
    if mismatch.where is not None:
        divergence = Divergence(mismatch.where, mismatch.got, mismatch.expected)
    return Verdict("failed", mismatch.text, divergence)


def _raised(case: Case, got: Observation) -> str:
    if got.failure is None:
        return Message("{name} {note}", name=case.call.function, note=got.note)
    text = f"{got.failure.type}: {got.failure.message}".removesuffix(": ")
    frames = got.failure.frames
    if not frames:
        # No line of the student's: the call itself did not fit.
        return Message("the call failed with {error}", error=text)
    return Message("{error}, at {place}", error=text, place=place_of(frames[-1]))


def cell_of(name: str) -> str:
    """Return the name of a cell as messages have it: a file's name is the same in each language."""
    match = _CELL.fullmatch(name)
    if match is None:
        return name
    if match["aside"]:
        return Message("the text after cell {number}", number=match["number"])
    return Message("cell {number}", number=match["number"])


def place_of(frame: Frame, *, source: bool = True) -> Message:
    """Return the place of a line of a submission, with the line itself where it is wanted."""
    place = Message("{cell}, line {line}", cell=cell_of(frame.cell), line=frame.line)
    return joined(" ", [place, f"({frame.source})" if source and frame.source else ""])


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
    if position < len(_ORDINALS):
        return _ORDINALS[position]
    return Message("{number}th", number=position + 1)

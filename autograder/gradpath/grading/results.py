"""Results as data, exactly as the contract writes them."""

from __future__ import annotations

import json
from typing import Final, Literal

import msgspec

from gradpath.text import bounded, clean

MAX_MESSAGE: Final = 2_048
"""Bytes of a check's message."""
MAX_NOTE: Final = 1_024
"""Bytes of a result's own message."""
MAX_RESULT: Final = 65_536
"""Bytes of a result, written as JSON. A submission can fill every message of every check."""

Outcome = Literal["passed", "failed", "raised", "timeout", "killed", "not_attempted", "skipped"]
Status = Literal["graded", "unreadable"]


class Divergence(msgspec.Struct, frozen=True):
    """The first place where a sequence leaves the reference; None where a value is missing."""

    where: str
    got: float | None
    expected: float | None


class CheckResult(msgspec.Struct, frozen=True):
    """How one check went."""

    id: str
    title: str
    visibility: Literal["public", "hidden"]
    points: float
    max_points: float
    outcome: Outcome
    message: str
    misconceptions: list[str]
    divergence: Divergence | None

    def __post_init__(self) -> None:
        """Bound the message, of which parts are the submission's."""
        msgspec.structs.force_setattr(self, "message", bounded(self.message, MAX_MESSAGE))


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """One submission's result. `message` is there when there is something to say about the file:
    why it is unreadable, or remarks about its reading. `isolation` is the level under
    which it was graded, on a student's own machine none."""

    assignment: str
    student: str
    file: str
    score: float
    max_score: float
    status: Status
    checks: list[CheckResult]
    message: str = ""
    isolation: str = ""

    def __post_init__(self) -> None:
        """Bound the message, and then all of it: results are made here and nowhere else."""
        msgspec.structs.force_setattr(self, "message", bounded(self.message, MAX_NOTE))
        limit = MAX_MESSAGE
        while limit > 1 and _size(self) > MAX_RESULT:
            limit //= 2
            shorter = [
                msgspec.structs.replace(check, message=bounded(check.message, limit))
                for check in self.checks
            ]
            msgspec.structs.force_setattr(self, "checks", shorter)


GRADER_FAILED: Final = (
    "the grader itself failed on this file, so there are no points yet; that is not your mistake, "
    "and the course staff has been told"
)
"""The message of a result that is none: it says nothing about the submission."""


def rounded(points: float) -> float:
    """Round points so that sums of thirds print as a person would write them."""
    return round(points, 4)


def points_text(value: float) -> str:
    """Write points without needless zeros."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def function_of(check: CheckResult) -> str:
    """Return the function that the check's points belong to."""
    return check.id.partition(".")[0]


def score_of(result: Result, function: str) -> tuple[float, float]:
    """Return points and maximum points of one function."""
    checks = [check for check in result.checks if function_of(check) == function]
    return (
        rounded(sum(check.points for check in checks)),
        rounded(sum(check.max_points for check in checks)),
    )


HINT = "Hint: "
_OWN_WORDS: Final = ("timeout", "killed", "skipped")
"""Outcomes with messages that are the grader's own, word for word."""


def split_message(message: str) -> tuple[str, str]:
    """Split a check's message into the observation and the hint (may be empty)."""
    observed, _, hint = message.partition(f"\n{HINT}")
    return observed, hint


def reason(check: CheckResult) -> str:
    """Return why a check did not pass, as plain text: the observation, then the hint."""
    observed, hint = split_message(check.message)
    if not hint:
        return clean(observed)
    return clean(f"{observed}\nHint ({', '.join(check.misconceptions)}): {hint}".strip())


def for_student(check: CheckResult) -> CheckResult:
    """The result of a check as its student may see it.

    A function has seen hidden inputs when it answers a hidden check. It can put them into any
    text, number, step or line of that answer, so of a hidden check nothing is left but words that
    the course chose: the outcome, the kind of mistake, and the hint.
    """
    if check.visibility == "public":
        return check
    observed, hint = split_message(check.message)
    if check.outcome == "failed":
        observed = _kind_of_mistake(check, observed)
    elif check.outcome not in _OWN_WORDS:
        observed = ""
    message = f"{observed}\n{HINT}{hint}" if hint else observed
    return msgspec.structs.replace(check, message=message, divergence=None)


def _kind_of_mistake(check: CheckResult, observed: str) -> str:
    if check.divergence is not None:
        name = check.divergence.where.partition("[")[0]
        if check.divergence.got is None:
            return f"{name} has too few values"
        if check.divergence.expected is None:
            return f"{name} has too many values"
        return f"{name} is wrong"
    if " has the wrong shape: " in observed:
        return "the shape is wrong"
    if observed.startswith("the call changed its "):
        return "the call changed an argument"
    return "what was returned is not what is asked for"


def _size(result: Result) -> int:
    """Return the bytes of a result as JSON, also of one with halves of characters in its texts."""
    text = json.dumps(msgspec.to_builtins(result), ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))

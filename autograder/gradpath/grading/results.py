"""Results as data, exactly as the contract writes them."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from gradpath.text import bounded, clean
from gradpath.text.languages import ENGLISH, Language, languages, shown_language, tell
from gradpath.text.messages import Message, Tree, joined, tree_of

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


class CheckResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one check went. `said` is the message's tree, while the message is the English one that
    the tree stands for: other languages are made from it, and files that people read have none."""

    id: str
    title: str
    visibility: Literal["public", "hidden"]
    points: float
    max_points: float
    outcome: Outcome
    message: str
    misconceptions: list[str]
    divergence: Divergence | None
    said: Any = None

    def __post_init__(self) -> None:
        """Bound the message, of which parts are the submission's."""
        _settle(self, MAX_MESSAGE)


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
    said: Any = None

    def __post_init__(self) -> None:
        """Bound the message, and then all of it: results are made here and nowhere else."""
        _settle(self, MAX_NOTE)
        limit = MAX_MESSAGE
        while limit > 1 and _size(self) > MAX_RESULT:
            limit //= 2
            shorter = [
                msgspec.structs.replace(check, message=bounded(check.message, limit))
                for check in self.checks
            ]
            msgspec.structs.force_setattr(self, "checks", shorter)


def _settle(result: CheckResult | Result, limit: int) -> None:
    """Bound a message, and keep its tree if that stands for just this text."""
    message = result.message
    text = bounded(str(message), limit)
    said = tree_of(message) if isinstance(message, Message) else result.said
    if text != message or (said is not None and said is result.said and _english(said) != text):
        said = None
    msgspec.structs.force_setattr(result, "message", text)
    msgspec.structs.force_setattr(result, "said", said)


def _english(said: Tree) -> str:
    try:
        return ENGLISH.render(said)
    except (LookupError, TypeError, ValueError):
        return ""  # from a file that somebody has changed


def message_of(result: CheckResult | Result) -> str:
    """Return the message with its tree, where it has one."""
    return result.message if result.said is None else Message.made(result.message, result.said)


def in_language(result: Result, language: Language) -> Result:
    """Return a result as files for people have it: texts in their language, and no trees."""
    slug = result.assignment
    checks = [check_in_language(check, language, slug) for check in result.checks]
    message = language.text(message_of(result), slug) if result.said else result.message
    return msgspec.structs.replace(result, checks=checks, message=message, said=None)


def check_in_language(check: CheckResult, language: Language, slug: str) -> CheckResult:
    """Return a check's result as files for people have it."""
    return msgspec.structs.replace(
        check,
        title=language.text(check.title, slug),
        message=language.text(message_of(check), slug) if check.said else check.message,
        said=None,
    )


GRADER_FAILED: Final = Message(
    "the grader itself failed on this file, so there are no points yet; that is not your mistake, "
    "and the course staff has been told"
)
"""The message of a result that is none: it says nothing about the submission."""


def failed_by_grader(result: Result) -> bool:
    """Tell whether the grader itself failed, which says nothing about the submission."""
    return result.status == "unreadable" and result.message in _in_all_languages(GRADER_FAILED)


@functools.cache
def _in_all_languages(text: str) -> frozenset[str]:
    return frozenset(Language(code).text(text) for code in languages())


OUTCOMES: Final[Mapping[Outcome, Message]] = {
    "passed": Message("passed"),
    "failed": Message("failed"),
    "raised": Message("raised"),
    "timeout": Message("timeout"),
    "killed": Message("killed"),
    "not_attempted": Message("not attempted"),
    "skipped": Message("skipped"),
}
"""The outcomes as people read them in lists."""


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


HINT: Final = "Hint: "
_MARK: Final = Message("\nHint: ")
_WITH_HINT: Final = "{observed}{mark}{hint}"
_OWN_WORDS: Final = ("timeout", "killed", "skipped")
"""Outcomes with messages that are the grader's own, word for word."""


def with_hint(observed: str, hint: str) -> Message:
    """Return a message with a hint below it."""
    return Message("{observed}{mark}{hint}", observed=observed, mark=_MARK, hint=hint)


def split_message(message: str) -> tuple[str, str]:
    """Split a check's message into the observation and the hint (may be empty), each with its tree.

    The message may be one from results.jsonl, in any language.
    """
    observed, _, hint = message.partition(f"\n{HINT}")
    match tree_of(message):
        case [template, {"observed": first, "hint": second}] if template == _WITH_HINT:
            return Message.made(observed, first), Message.made(hint, second)
        case str() if not hint:
            for mark in _in_all_languages(_MARK):
                if mark in message:
                    observed, _, hint = message.partition(mark)
            return observed, hint
        case str():
            return observed, hint
        case tree:
            return Message.made(observed, tree), hint


def reason(check: CheckResult) -> str:
    """Return why a check did not pass, as plain text: the observation, then the hint."""
    observed, hint = split_message(check.message)
    if not hint:
        return clean(observed)
    names = joined(", ", check.misconceptions)
    told = tell(Message("Hint ({names}): {hint}", names=names, hint=hint))
    return clean(f"{observed}\n{told}".strip())


def for_student(check: CheckResult) -> CheckResult:
    """The result of a check as its student may see it.

    A function has seen hidden inputs when it answers a hidden check. It can put them into any
    text, number, step or line of that answer, so of a hidden check nothing is left but words that
    the course chose: the outcome, the kind of mistake, and the hint.
    """
    if check.visibility == "public":
        return check
    observed, hint = split_message(message_of(check))
    if check.outcome == "failed":
        observed = _kind_of_mistake(check, observed)
    elif check.outcome not in _OWN_WORDS:
        observed = ""
    message = with_hint(observed, hint) if hint else observed
    return msgspec.structs.replace(check, message=message, divergence=None)


def told_to_student(check: CheckResult, slug: str) -> CheckResult:
    """The result of a check as its student may see it, in the language that this process shows."""
    return check_in_language(for_student(check), shown_language(), slug)


def told_about(result: Result) -> str:
    """Return remarks about the file, or why it cannot be read, in the language that is shown."""
    return clean(tell(message_of(result), result.assignment))


def _kind_of_mistake(check: CheckResult, observed: str) -> str:
    if check.divergence is not None:
        name = check.divergence.where.partition("[")[0]
        if check.divergence.got is None:
            return Message("{name} has too few values", name=name)
        if check.divergence.expected is None:
            return Message("{name} has too many values", name=name)
        return Message("{name} is wrong", name=name)
    if " has the wrong shape: " in observed:
        return Message("the shape is wrong")
    if observed.startswith("the call changed its "):
        return Message("the call changed an argument")
    return Message("what was returned is not what is asked for")


def _size(result: Result) -> int:
    """Return the bytes of a result as JSON, also of one with halves of characters in its texts."""
    with contextlib.suppress(UnicodeEncodeError):
        quick = len(msgspec.json.encode(result))
        if quick < MAX_RESULT // 2:
            return quick  # at least what a file for people has, and nearly all are so short
    data = msgspec.to_builtins(result)
    for part in (data, *data["checks"]):
        part.pop("said", None)  # files for people have none
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))

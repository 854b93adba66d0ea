"""A result as its student reads it: where they are, the next thing to do, the rest in lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.console import Console
from rich.text import Text

from gradpath.cli.terminal import (
    MAX_PROSE,
    STYLES,
    by_function,
    clean,
    points_text,
    print_alike,
    print_function,
    print_result,
)
from gradpath.course.settings import read_settings
from gradpath.grading.graded import Graded
from gradpath.grading.results import (
    OUTCOMES,
    CheckResult,
    Result,
    in_language,
    score_of,
    split_message,
)
from gradpath.text.languages import shown_language, tell
from gradpath.text.messages import Message

_ITS_TEXT: Final = Message("its text")
_END_OF_CALL: Final = Message("{call}: {message}", call=")", message="")
_TRIED: Final = ("failed", "raised", "timeout", "killed")
"""Outcomes of a function that is written, and wrong."""


def print_standing(
    graded: Graded, to: Console, *, every_check: bool = False, begin: str = _ITS_TEXT
) -> bool:
    """Print the result of a check, and return whether it has all public points.

    Args:
        graded: the checked file.
        to: where to print.
        every_check: print all checks in full.
        begin: the text to begin with, where nothing is written yet.
    """
    graded = replace(graded, result=in_language(graded.result, shown_language()))
    result = graded.result
    full = result.score == result.max_score
    title = Message("{file}: {title}", file=clean(result.file), title=_title_of(result))
    to.print(tell(title), style="bold", markup=False)
    to.print(so_far(result), style="green" if full else "yellow", markup=False)
    if result.message:
        note = tell(Message("Note: {note}", note=clean(result.message)))
        to.print(note, style="yellow", markup=False)
    is_begun = any(check.outcome not in ("not_attempted", "skipped") for check in result.checks)
    if not is_begun:
        first = next(iter(by_function(result)))
        text = Message(
            "Nothing is written yet: begin with {text}, then write `{function}`.",
            text=begin,
            function=first,
        )
        to.print(tell(text), markup=False)
    if is_begun or every_check:
        to.print()
        _print_functions(graded, to, every_check=every_check)
    return full


def so_far(result: Result) -> str:
    """Return where a student is: functions and public points, of how many."""
    functions = by_function(result).values()
    done = sum(all(check.outcome == "passed" for check in checks) for checks in functions)
    total = points_text(sum(read_settings(result.assignment).points.values()))
    return tell(
        Message(
            "{done} of {count} functions, {points} of {most} public points ({total} with the "
            "hidden checks)",
            done=done,
            count=len(functions),
            points=points_text(result.score),
            most=points_text(result.max_score),
            total=total,
        )
    )


def _title_of(result: Result) -> str:
    return tell(read_settings(result.assignment).title, result.assignment)


def _print_functions(graded: Graded, to: Console, *, every_check: bool) -> None:
    result, functions = graded.result, by_function(graded.result)
    if every_check:
        print_result(result, to, every_check=True, printed=graded.printed)
        return
    if print_alike(result, to):
        return
    wrong = [name for name, checks in functions.items() if _lost(checks)]
    tried = [n for n in wrong if any(check.outcome in _TRIED for check in functions[n])]
    following = (tried or wrong)[:1]
    for name in following:
        print_function(name, result, to, graded.printed, tell(Message("Next: ")))
        to.print()
    rest = [name for name in functions if name not in following]
    for line in _lines(rest, result, min(to.width, MAX_PROSE)):
        to.print(line, no_wrap=True, crop=False, overflow="ignore")
    if len(tried) > 1:
        to.print(tell(Message("With --all, every check is shown in full.")), style="dim")


def _lost(checks: Sequence[CheckResult]) -> list[CheckResult]:
    return [check for check in checks if check.outcome != "passed"]


def _lines(names: Sequence[str], result: Result, width: int) -> list[Text]:
    """Return a line for each function: its name, its points, its outcome and the reason."""
    functions = by_function(result)
    points = {}
    for name in names:
        got, maximum = score_of(result, name)
        points[name] = f"{points_text(got)} / {points_text(maximum)}"
    widest = max(map(len, names), default=0), max(map(len, points.values()), default=0)
    lines = []
    for name in names:
        first = next(iter(_lost(functions[name])), functions[name][0])
        word = tell(OUTCOMES[first.outcome])
        observed, _ = split_message(first.message)
        line = Text.assemble(
            f"{name.ljust(widest[0])}  {points[name].ljust(widest[1])}  ",
            (word, STYLES.get(first.outcome, "red")),
        )
        if observed and first.outcome != "not_attempted":
            reason = _without_call(name, clean(observed))
            line.append(tell(Message("{name}: {problem}", name="", problem=reason)))
        line.truncate(width, overflow="ellipsis")
        lines.append(line)
    return lines


def _without_call(function: str, observed: str) -> str:
    """Return the first line of an observation, without the call in front of it."""
    line = observed.partition("\n")[0]
    if not line.startswith(f"{function}("):
        return line
    return line.partition(tell(_END_OF_CALL))[2] or line

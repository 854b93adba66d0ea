"""Printing that the commands have in common: consoles, bars, results, tables."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, Final, TextIO, cast

from rich.console import Console, ConsoleOptions, RenderResult
from rich.containers import Lines
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from gradpath.grading.results import (
    OUTCOMES,
    CheckResult,
    Result,
    function_of,
    points_text,
    score_of,
    split_message,
)
from gradpath.text import clean, folded
from gradpath.text.languages import tell
from gradpath.text.messages import Message, joined

__all__ = [
    "by_function",
    "clean",
    "console",
    "points_text",
    "print_alike",
    "print_function",
    "print_note",
    "print_result",
    "progress",
    "show_table",
]

MAX_PROSE = 100
"""Columns that messages and hints take at most: longer lines are hard to read."""

_PRINTED_LINES: Final = 8
_PRINTED_LINE: Final = 160
"""The lines, and the characters of each, that are shown of the text which a call has printed."""
_DRAWN_SECONDS: Final = 0.1
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_BLANKS: Final = re.compile(r"[ \t]+(?=\n)")

STYLES = {"passed": "green", "not_attempted": "dim", "skipped": "yellow"}


def console(*, stderr: bool = False) -> Console:
    """Return a console: colours on a terminal, plain text elsewhere."""
    # Without emoji and markup: `:warning:` and `[due]` are part of a name, or of a sentence.
    shown = Console(stderr=stderr, highlight=False, soft_wrap=False, emoji=False, markup=False)
    if not shown.is_terminal:
        shown.file = cast("TextIO", _WithoutBlanks(shown.file))
    return shown


class _WithoutBlanks(io.TextIOBase):
    """A file in which no line ends with blanks; rich fills lines up to the width of a terminal."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        self._file.write(_BLANKS.sub("", text))
        return len(text)

    def flush(self) -> None:
        self._file.flush()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding, by which rich chooses its characters."""
        return getattr(self._file, "encoding", None) or "utf-8"


def print_note(to: Console) -> Callable[[str], None]:
    """Return a function that prints a warning about submissions."""
    return lambda line: to.print(clean(tell(line)), style="yellow", markup=False)


class _Bar(Progress):
    """A bar that is drawn as it advances: a thread that draws would be in the way of forks."""

    _drawn = 0.0

    def advance(self, task_id: TaskID, advance: float = 1) -> None:
        """Advance a task; draw it unless it has just been drawn."""
        super().advance(task_id, advance)
        if self.get_time() - self._drawn >= _DRAWN_SECONDS:
            self._drawn = self.get_time()
            self.refresh()


@contextmanager
def progress(label: str, total: int, shown: Console) -> Iterator[Progress | None]:
    """Show a bar with the time left on a terminal; yield None elsewhere."""
    if not shown.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    with _Bar(*columns, console=shown, transient=True, auto_refresh=False) as bar:
        bar.add_task(label, total=total)
        yield bar


def print_result(
    result: Result, to: Console, *, every_check: bool, printed: Mapping[str, str] = _NOTHING
) -> None:
    """Print a result function by function, with the reason for each lost point.

    Args:
        result: the result.
        to: where.
        every_check: print the checks that passed, too.
        printed: the text that was printed in the call of a lost check, by check.
    """
    if print_alike(result, to):
        return
    for function, checks in by_function(result).items():
        lost = [check for check in checks if check.outcome != "passed"]
        if not lost and not every_check:
            continue
        to.print(_heading(function, result))
        if not every_check and all(check.outcome == "not_attempted" for check in checks):
            to.print(_outcome(lost[0], clean(lost[0].message)))
            continue
        _print_checks(checks if every_check else lost, to, printed)


def print_alike(result: Result, to: Console) -> bool:
    """Print the reason that all functions have in common; tell whether there is one."""
    if len(by_function(result)) < 2 or len({(c.outcome, c.message) for c in result.checks}) > 1:
        return False
    # The file as a whole: it cannot be imported, or nothing is written yet.
    alone = result.checks[0]
    if alone.outcome == "passed":
        return False
    to.print(_outcome(alone, tell(Message("every check"))))
    to.print(_indented(clean(alone.message), 6))
    return True


def print_function(
    function: str, result: Result, to: Console, printed: Mapping[str, str], before: str = ""
) -> None:
    """Print the lost checks of one function in full, under its name and points."""
    checks = by_function(result)[function]
    to.print(Text.assemble((before, "bold cyan"), _heading(function, result)))
    lost = [check for check in checks if check.outcome != "passed"]
    if all(check.outcome == "not_attempted" for check in checks):
        lost = lost[:1]
    _print_checks(lost, to, printed)


def by_function(result: Result) -> dict[str, list[CheckResult]]:
    """Return the checks of each function."""
    functions: dict[str, list[CheckResult]] = {}
    for check in result.checks:
        functions.setdefault(function_of(check), []).append(check)
    return functions


def _heading(function: str, result: Result) -> Text:
    got, maximum = score_of(result, function)
    style = "green" if got == maximum else "red" if got == 0 else "yellow"
    points = f"{points_text(got)} / {points_text(maximum)}"
    return Text.assemble((function, "bold"), "  ", (points, style))


def _print_checks(checks: Sequence[CheckResult], to: Console, printed: Mapping[str, str]) -> None:
    """Print checks of a function; a hint that several have stands once."""
    shown_hints: set[str] = set()
    for check in checks:
        _print_check(check, to, shown_hints)
        if check.id in printed:
            to.print(_indented(Text(tell(Message("It printed:")), "dim"), 6))
            for line in _few_lines(printed[check.id]):
                to.print(_indented(Text(f"| {line}"), 6))


def _few_lines(text: str) -> Iterator[str]:
    """Yield the first lines of a text that a submission has printed."""
    lines = clean(text).expandtabs().rstrip("\n").split("\n")
    for line in lines[:_PRINTED_LINES]:
        yield line if len(line) <= _PRINTED_LINE else f"{line[:_PRINTED_LINE]} ..."
    if len(lines) > _PRINTED_LINES:
        yield "..."


def _print_check(check: CheckResult, to: Console, shown_hints: set[str]) -> None:
    loss = ""
    if check.outcome != "passed" and check.max_points:
        loss = f"  -{points_text(check.max_points - check.points)}"
    to.print(_outcome(check, check.title, loss, hidden=check.visibility == "hidden"))
    observed, hint = split_message(check.message)
    if observed:
        to.print(_indented(clean(observed), 6))
    if hint and hint not in shown_hints:
        shown_hints.add(hint)
        names = tell(joined(", ", check.misconceptions))
        word = tell(Message("Hint"))
        parts = ((f"{word} ", "bold cyan"), (f"({names}) ", "dim"), hint)
        to.print(_indented(Text.assemble(*parts), 6))


def _outcome(check: CheckResult, text: str, loss: str = "", *, hidden: bool = False) -> Paragraph:
    word = tell(OUTCOMES[check.outcome])
    style = STYLES.get(check.outcome, "red")
    line = Text.assemble((word, style), (loss, "dim"), "  ", text)
    if hidden:
        mark = tell(Message("(hidden)"))
        line.append(f"  {mark}", "dim")
    return Paragraph(line, 2, hang=4)


def _indented(text: str | Text, by: int) -> Paragraph:
    return Paragraph(text if isinstance(text, Text) else Text(text), by)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph that is indented, not too wide, and has no blanks at the ends of its lines."""

    text: Text
    by: int
    hang: int = 0
    """By how much all lines but the first are indented besides."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Wrap the text to the console's width."""
        width = max(min(options.max_width, MAX_PROSE) - self.by - self.hang, 20)
        for number, line in enumerate(_wrapped(self.text, console, width)):
            line.rstrip()
            yield Text.assemble(" " * (self.by + (self.hang if number else 0)), line)


def _wrapped(text: Text, console: Console, width: int) -> Lines:
    """Return a text in lines; rich breaks them at blanks, of which Chinese has few."""
    if text.plain.isascii():
        return text.wrap(console, width)
    lines = Lines()
    for part in text.split("\n", allow_blank=True):
        places, start = [], 0
        for line in folded(part.plain, width):
            places.append(part.plain.index(line, start))
            start = places[-1] + len(line)
        lines.extend(part.divide(places[1:]))
    return lines


def show_table(table: Table, to: Console) -> None:
    """Print a table; where no terminal shows it, without blanks at the ends of its lines."""
    if to.is_terminal:
        to.print(table)
        return
    with to.capture() as captured:
        to.print(table)
    for line in captured.get().splitlines():
        to.print(Text(line.rstrip()), no_wrap=True, crop=False, overflow="ignore")

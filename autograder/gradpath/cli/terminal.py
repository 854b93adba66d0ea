"""Printing that the commands have in common: consoles, bars, results, tables."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final, TextIO, cast

from rich.console import Console, ConsoleOptions, RenderResult
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from gradpath.grading.results import (
    CheckResult,
    Result,
    function_of,
    points_text,
    score_of,
    split_message,
)
from gradpath.text import clean

__all__ = [
    "clean",
    "console",
    "points_text",
    "print_note",
    "print_result",
    "progress",
    "show_table",
]

MAX_PROSE = 100
"""Columns that messages and hints take at most: longer lines are hard to read."""

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
    return lambda line: to.print(clean(line), style="yellow", markup=False)


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
    with Progress(*columns, console=shown, transient=True) as bar:
        bar.add_task(label, total=total)
        yield bar


def print_result(result: Result, to: Console, *, every_check: bool) -> None:
    """Print a result function by function, with the reason for each lost point."""
    if result.checks and len({(c.outcome, c.message) for c in result.checks}) == 1:
        # The file as a whole: it cannot be imported, or nothing is written yet.
        alone = result.checks[0]
        if alone.outcome != "passed":
            to.print(_outcome(alone, "every check"))
            to.print(_indented(clean(alone.message), 6))
            return
    functions = list(dict.fromkeys(map(function_of, result.checks)))
    for function in functions:
        checks = [check for check in result.checks if function_of(check) == function]
        got, maximum = score_of(result, function)
        lost = [check for check in checks if check.outcome != "passed"]
        if not lost and not every_check:
            continue
        style = "green" if not lost else "red" if got == 0 else "yellow"
        head = Text.assemble(
            (function, "bold"), "  ", (f"{points_text(got)} / {points_text(maximum)}", style)
        )
        to.print(head)
        if not every_check and all(check.outcome == "not_attempted" for check in checks):
            to.print(_outcome(lost[0], clean(lost[0].message)))
            continue
        shown_hints: set[str] = set()
        for check in checks if every_check else lost:
            _print_check(check, to, shown_hints)


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
        names = ", ".join(check.misconceptions)
        to.print(_indented(Text.assemble(("Hint ", "bold cyan"), (f"({names}) ", "dim"), hint), 6))


def _outcome(check: CheckResult, text: str, loss: str = "", *, hidden: bool = False) -> Paragraph:
    word = check.outcome.replace("_", " ")
    style = STYLES.get(check.outcome, "red")
    line = Text.assemble((word, style), (loss, "dim"), "  ", text)
    if hidden:
        line.append("  (hidden)", "dim")
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
        for number, line in enumerate(self.text.wrap(console, width)):
            line.rstrip()
            yield Text.assemble(" " * (self.by + (self.hang if number else 0)), line)


def show_table(table: Table, to: Console) -> None:
    """Print a table; where no terminal shows it, without blanks at the ends of its lines."""
    if to.is_terminal:
        to.print(table)
        return
    with to.capture() as captured:
        to.print(table)
    for line in captured.get().splitlines():
        to.print(Text(line.rstrip()), no_wrap=True, crop=False, overflow="ignore")

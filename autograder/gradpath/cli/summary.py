"""The end of a run on the terminal: scores, the reasons for lost points, changes of a regrade."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradpath.cli.terminal import clean, points_text, print_result, show_table
from gradpath.cohort.grade import Outcome
from gradpath.cohort.regrade import CHANGES, FILE, Change, Kind
from gradpath.grading.results import Result, in_language, rounded
from gradpath.text.languages import shown_language, tell
from gradpath.text.messages import Message, counted, joined, template

_KINDS: Final[dict[Kind, Message]] = {
    "loses": Message("loses"),
    "gains": Message("gains"),
    "same points": Message("same points"),
    "gone": Message("gone"),
    "new": Message("new"),
}
_COUNTS: Final[dict[Kind, str]] = {
    "loses": template("{count} lose"),
    "gains": template("{count} gain"),
    "same points": template("{count} same points by other checks"),
    "gone": template("{count} gone"),
    "new": template("{count} new"),
}
MAX_STUDENTS: Final = 40
"""A larger cohort gets no table of students."""
MAX_CHANGES: Final = 200
"""Changes of a regrade that are listed; regrade.csv has all."""


def print_outcome(outcome: Outcome, out: Path, shown: Console, *, explain: bool) -> None:
    """Print the end of a run: scores or changes, failures of the grader, and the files."""
    if outcome.graded and shown.is_terminal:  # a file has the same text after every run
        text = Message(
            "graded {count} in {seconds:.0f} s", count=outcome.graded, seconds=outcome.seconds
        )
        shown.print(tell(text), style="dim")
    if explain:
        print_reasons(outcome.results, shown)
    if outcome.changes is not None:
        print_changes(outcome.changes, outcome.unchanged, shown)
    else:
        print_summary(outcome.results, outcome.assignments, shown)
    for problem in outcome.problems:
        text = Message(
            "the grader failed, please grade by hand and report: {problem}", problem=problem
        )
        shown.print(clean(tell(text)), style="red", markup=False)
    if outcome.isolation is not None:
        level = Message(
            "isolation level {level}: {text}",
            level=outcome.isolation.level,
            text=outcome.isolation.text,
        )
        shown.print(tell(level), style="dim")
    written = Message("wrote {files}", files=joined(" and ", map(str, outcome.files)))
    shown.print(tell(written), markup=False)
    if shown.is_terminal and outcome.changes is None:
        hint = Message(
            "`gradpath report {folder}` makes a page of it", folder=shlex.quote(str(out))
        )
        shown.print(tell(hint), style="dim", markup=False)


def print_summary(results: Sequence[Result], slugs: Sequence[str], to: Console) -> None:
    """Print scores by student (of a small cohort), then counts and means by assignment."""
    students = sorted({result.student for result in results})
    if len(students) <= MAX_STUDENTS:
        to.print()
        show_table(_by_student(results, students, slugs), to)
    to.print()
    show_table(_by_assignment(results, slugs), to)
    for slug in slugs:
        stopped = [
            result.student
            for result in results
            if result.assignment == slug and _is_stopped(result)
        ]
        if stopped:
            to.print(Text(clean(tell(_about_stopped(slug, stopped))), "yellow"))


def _about_stopped(slug: str, students: Sequence[str]) -> Message:
    """Return a line about the files of an assignment that could not be run."""
    left = len(students) - MAX_STUDENTS
    named = joined(", ", students[:MAX_STUDENTS])
    return counted(
        "{slug}: {count} file could not be run at all: {students}",
        "{slug}: {count} files could not be run at all: {students}",
        len(students),
        slug=slug,
        students=joined(" ", [named, Message("and {count} more", count=left) if left > 0 else ""]),
    )


def _is_stopped(result: Result) -> bool:
    """Tell whether nothing of a file was run; that looks like an untouched skeleton otherwise."""
    if result.status == "unreadable":
        return True
    seen = {(check.outcome, check.message) for check in result.checks}
    (outcome, message), *others = seen or {("passed", "")}
    return bool(message) and not others and outcome not in ("passed", "not_attempted", "skipped")


def _by_student(results: Sequence[Result], students: Sequence[str], slugs: Sequence[str]) -> Table:
    scores = {(result.student, result.assignment): result for result in results}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(tell(Message("student")))
    for slug in slugs:
        # One word a line: five assignments fit into 80 columns.
        table.add_column(slug.replace("_", "\n"), justify="right")
    table.add_column(tell(Message("total")), justify="right")
    for student in students:
        row = [scores.get((student, slug)) for slug in slugs]
        total = rounded(sum(result.score for result in row if result is not None))
        # As text: rich would read a name in brackets as a style.
        table.add_row(Text(clean(student)), *map(_cell, row), points_text(total))
    return table


def _cell(result: Result | None) -> str:
    if result is None:
        return ""
    if result.status == "unreadable":
        return tell(Message("unreadable"))
    return points_text(result.score)


def _by_assignment(results: Sequence[Result], slugs: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(tell(Message("assignment")))
    for name in (Message("graded"), Message("unreadable"), Message("mean"), Message("of")):
        table.add_column(tell(name), justify="right")
    table.add_column(tell(Message("most common misconceptions")), overflow="fold")
    for slug in slugs:
        own = [result for result in results if result.assignment == slug]
        graded = [result for result in own if result.status == "graded"]
        mean = sum(result.score for result in own) / len(own) if own else 0.0
        named = Counter(
            name
            for result in graded
            for name in {c.misconceptions[0] for c in result.checks if c.misconceptions}
        )
        ranked = sorted(named.items(), key=lambda item: (-item[1], item[0]))
        # Of names that occurred once each, none is more common than the others.
        common = [item for item in ranked if item[1] > 1][:3]
        words = [f"{name} ({count})" for name, count in common]
        if not common and ranked:
            alone = Message("{name} (once)", name=ranked[0][0])
            many = Message("each of {count} once", count=len(ranked))
            words = [tell(many if len(ranked) > 1 else alone)]
        table.add_row(
            slug,
            str(len(graded)),
            str(len(own) - len(graded)),
            f"{mean:.2f}",
            points_text(max((result.max_score for result in own), default=0.0)),
            tell(joined(", ", words)),
        )
    return table


def print_reasons(results: Sequence[Result], shown: Console) -> None:
    """Print the reason for every lost point; a full score gets one line."""
    had_more = True
    for result in (in_language(result, shown_language()) for result in results):
        full = result.status == "graded" and result.score == result.max_score
        more = not full or bool(result.message)
        if more or had_more:
            shown.print()
        had_more = more
        style = "green" if full else "red" if result.score == 0 else "yellow"
        head = Text.assemble(
            (clean(f"{result.student} / {result.assignment}"), "bold"),
            "  ",
            (f"{points_text(result.score)} / {points_text(result.max_score)}", style),
        )
        shown.print(head, soft_wrap=True)
        if result.message:
            shown.print(clean(result.message), style="yellow", markup=False)
        print_result(result, shown, every_check=False)


def print_changes(changes: Sequence[Change], unchanged: int, to: Console) -> None:
    """Print the first changes, those of points first, and count all and the rest in one line."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (Message("student"), Message("assignment"), Message("change")):
        table.add_column(tell(name))
    for name in (Message("old"), Message("new")):
        table.add_column(tell(name), justify="right")
    table.add_column(tell(Message("checks")), overflow="fold")
    ranked = sorted(changes, key=lambda change: CHANGES.index(change.kind))
    for change in ranked[:MAX_CHANGES]:
        points = ["" if value is None else points_text(value) for value in (change.old, change.new)]
        table.add_row(
            Text(clean(change.student)),
            change.assignment,
            tell(_KINDS[change.kind]),
            *points,
            change.checks,
        )
    to.print()
    if changes:
        show_table(table, to)
        if len(changes) > MAX_CHANGES:
            left = len(changes) - MAX_CHANGES
            to.print(tell(Message("and {count:,} more in {file}", count=left, file=FILE)))
        to.print()
    count = Counter(change.kind for change in changes)
    always = ("loses", "gains")
    parts = [
        Message(text, count=count[kind])
        for kind, text in _COUNTS.items()
        if count[kind] or kind in always
    ]
    parts.append(Message("{count} unchanged", count=unchanged))
    to.print(tell(joined(", ", parts)), soft_wrap=True)
    stay = Message(
        "the published results stay as they are; grade without --regrade to replace them"
    )
    to.print(tell(stay))

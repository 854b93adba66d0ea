"""A site's table with the points in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gradpath.reports.gradebooks.roster import Matched, Roster
from gradpath.reports.gradebooks.scores import Scores
from gradpath.reports.gradebooks.table import listed, table_bytes
from gradpath.text.messages import Message, template

_ROUNDED: Final = 1e-6
"""Points are sums of thirds and the like; no site tells them apart any closer."""


@dataclass(frozen=True)
class Export:
    """A file for a course site, and a line for each thing that staff should know about it."""

    data: bytes
    notes: Sequence[str]
    students: int
    assignments: int
    in_doubt: int = 0
    """Students that were left out, because they may be somebody else."""


def differences(scores: Scores, matched: Matched, roster: Roster) -> list[str]:
    """Name the students in doubt, those in the roster alone, and those in the results alone."""
    rows = {*matched.rows.values(), *matched.doubtful}
    in_roster = [roster.name(row) for row in roster.people if row not in rows]
    known = {*matched.rows, *matched.students}
    in_results = [student for student in scores.students if student not in known]
    return [
        *matched.doubts,
        *_noted(template("left out, being in doubt: {names}"), matched.students),
        *_noted(template("only in the roster: {names}"), in_roster),
        *_noted(template("only in the results: {names}"), in_results),
    ]


def fill(
    roster: Roster,
    kept: Sequence[int],
    columns: Mapping[str, int],
    matched: Matched,
    scores: Scores,
    is_fixed: Callable[[int, int], bool],
    takes_row: Callable[[int], bool] = lambda row: True,
) -> tuple[bytes, list[str]]:
    """Write points into a copy of the roster.

    Args:
        roster: the site's own table.
        kept: columns that the upload needs besides those of the assignments.
        columns: the column of each assignment.
        matched: the row of each student.
        scores: the points.
        is_fixed: tells for row and column whether the site has something there to leave alone.
        takes_row: tells whether a row is written.

    Returns:
        The table, and a line that names the cells that stay as they are.
    """
    table = roster.table
    rows = [list(row) for row in table.rows]
    alone = []
    for student, row in matched.rows.items():
        for slug, column in columns.items():
            points = scores.points(student, slug)
            if points is None:
                continue
            if is_fixed(row, column):
                there = table.rows[row][column].strip() or Message("empty")
                alone.append(f"{student} ({slug}: {there})")
            else:
                rows[row][column] = table.number(points)
    shown = sorted({*kept, *columns.values()})
    data = table_bytes(
        [table.header[index] for index in shown],
        [[cells[index] for index in shown] for row, cells in enumerate(rows) if takes_row(row)],
        table.delimiter,
        bom=table.bom,
    )
    return data, _noted(template("left as the site has it: {names}"), alone)


def _noted(text: str, names: Collection[str]) -> list[str]:
    """Return a note about names; none where there are none."""
    return [Message(text, names=listed(names))] if names else []


def are_other_points(one: float, other: float) -> bool:
    """Tell whether two numbers of points differ by more than a site's rounding."""
    return abs(one - other) > _ROUNDED


def other_maximum(cell: str, maximum: float) -> bool:
    """Tell whether a cell names other points than those that an assignment gives at most."""
    try:
        return are_other_points(float(cell.strip().replace(",", ".")), maximum)
    except ValueError:
        return False

"""The gradebook of Canvas: "Export" and "Import" in its Grades.

The export is written by `lib/gradebook_exporter.rb` of canvas-lms, an upload is read by
`lib/gradebook_importer.rb`:

- `Student` (or `LastName`, `FirstName`), `ID`, then `SIS User ID`, `SIS Login ID`, `Integration ID`
  and `Root Account` where the school has them, and `Section`; the importer looks for them in this
  order. Then come a course's own columns, `<assignment> (<id>)`, and totals.
- A row "Points Possible", and before it one that says "Manual Posting" where that is set.
- Columns that are not there are not touched. An empty cell takes a grade away, so the text
  of a cell without points of ours is written back. "EX" is excused, "N/A" not assigned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from gradpath.errors import GradpathError
from gradpath.grading.results import points_text
from gradpath.reports.gradebooks.columns import find_columns
from gradpath.reports.gradebooks.fill import Export, differences, fill, other_maximum
from gradpath.reports.gradebooks.roster import is_about_columns, match, people_of
from gradpath.reports.gradebooks.scores import Scores
from gradpath.reports.gradebooks.table import Table
from gradpath.text.messages import Message

_WITH_ID: Final = re.compile(r"(?P<title>.*\S)\s*\([0-9]+\)\s*", re.DOTALL)
_READ_ONLY: Final = "read only"
_NEEDED: Final = (
    "student",
    "lastname",
    "firstname",
    "id",
    "sis user id",
    "sis login id",
    "integration id",
    "root account",
    "section",
)
_FIXED: Final = ("ex", "n/a")


def export(
    table: Table, scores: Scores, given: Mapping[str, str], *, need_all: bool = False
) -> Export:
    """Write points into Canvas's gradebook.

    Args:
        table: the gradebook as Canvas exports it.
        scores: the points.
        given: headers that belong to slugs.
        need_all: whether each assignment must have a column.

    Raises:
        GradpathError: the table is no such gradebook, or columns or students are ambiguous.
    """
    roster = people_of(table, "canvas")
    section = table.column("Section")
    if section is None:
        raise GradpathError(
            Message("{path} has no column Section; export the gradebook again", path=table.path)
        )
    about = [row for row in range(len(table.rows)) if is_about_columns(table, row)]
    possible = [row for row in about if "points possible" in table.rows[row][0].casefold()]
    if not possible:
        raise GradpathError(
            Message(
                "{path} has no row 'Points Possible'; give the gradebook as Canvas exports it",
                path=table.path,
            )
        )
    candidates = [
        index
        for index, title in enumerate(table.header)
        if index > section
        and _WITH_ID.fullmatch(title)
        and _READ_ONLY not in table.rows[possible[0]][index].casefold()
    ]
    columns, notes = find_columns(
        table, candidates, scores.tasks, _titles, given, need_all=need_all
    )
    matched = match(scores.students, roster, scores.numbers)
    notes += _other_maxima(table.rows[possible[0]], columns, scores)

    def is_fixed(row: int, column: int) -> bool:
        return table.rows[row][column].strip().casefold() in _FIXED

    kept = [i for i, title in enumerate(table.header) if title.strip().casefold() in _NEEDED]
    data, alone = fill(roster, kept, columns, matched, scores, is_fixed)
    return Export(
        data,
        [*notes, *alone, *differences(scores, matched, roster)],
        len(matched.rows),
        len(columns),
        len(matched.students),
    )


def _other_maxima(
    maxima: Sequence[str], columns: Mapping[str, int], scores: Scores
) -> Iterator[str]:
    """Yield a note about each assignment that gives other points in Canvas."""
    for task in scores.tasks:
        if task.slug in columns and other_maximum(maxima[columns[task.slug]], task.max_points):
            yield Message(
                "{slug} has {there} points in Canvas and {here} here; points are written as they "
                "are",
                slug=task.slug,
                there=maxima[columns[task.slug]].strip(),
                here=points_text(task.max_points),
            )


def _titles(header: str) -> list[str]:
    with_id = _WITH_ID.fullmatch(header)
    return [with_id["title"]] if with_id else []

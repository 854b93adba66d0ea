"""The two tables of Moodle: an assignment's grading worksheet, and the course's grade export.

The worksheet ("Download grading worksheet", "Upload grading worksheet") is of one assignment:
`Identifier,Full name,...,Status,Grade,Maximum Grade,Grade can be changed,...,Last modified (grade)`
and feedback. `mod/assign/feedback/offline/importgradeslib.php` needs `Identifier`, `Grade` and
`Last modified (grade)`, by which it sees grades that were given meanwhile; `locallib.php` beside it
passes over empty, locked and unchanged grades, and *without a word* over grades above the maximum.
It would overwrite feedback by the table's, so those columns are left out.

The export ("Export as plain text file", "Import CSV file") has a row for each student:
`First name`, `Last name` (`Surname` in older versions), `Username`, `ID number`, `Institution`,
`Department`, `Email address` as the site is set up, then `Assignment: <name> (Real)` for each
grade and `Last downloaded from this course` (`grade/export/lib.php`, `grade/export/txt`). The
import (https://docs.moodle.org/en/Grade_import) asks for the meaning of each column. Each
grade that it reads counts as given by hand, so rows of students without any points are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gradpath.errors import GradpathError
from gradpath.grading.results import points_text
from gradpath.reports.gradebooks.columns import find_columns
from gradpath.reports.gradebooks.fill import Export, differences, fill, other_maximum
from gradpath.reports.gradebooks.headings import NO
from gradpath.reports.gradebooks.roster import Roster, match, people_of
from gradpath.reports.gradebooks.scores import Scores
from gradpath.reports.gradebooks.table import Table, listed
from gradpath.text.messages import Message

_WORKSHEET: Final = (
    "identifier",
    "full name",
    "username",
    "id number",
    "email address",
    "status",
    "maximum grade",
    "grade can be changed",
    "last modified (submission)",
    "last modified (grade)",
)
_PERSON: Final = (
    "first name",
    "last name",
    "surname",
    "username",
    "id number",
    "institution",
    "department",
    "email address",
)
_DOWNLOADED: Final = "last downloaded from this course"
_REAL: Final = re.compile(
    r"\s*[(（](?:real|punkte|réel|réelle|brut|valeur|实际|实数|实分|分数)[)）]\s*", re.IGNORECASE
)
"""How a grade is shown: as points, in the languages of `headings`."""


def export(
    table: Table, scores: Scores, given: Mapping[str, str], *, need_all: bool = False
) -> Export:
    """Write points into a table of Moodle.

    Args:
        table: a grading worksheet or a grade export.
        scores: the points.
        given: headers that belong to slugs; a worksheet needs none.
        need_all: whether each assignment must have a column.

    Raises:
        GradpathError: the table is neither, or columns or students are ambiguous.
    """
    roster = people_of(table, "moodle")
    table = roster.table
    if table.column("Identifier") is not None:
        return _worksheet(roster, scores)
    return _grade_export(roster, scores, given, need_all=need_all)


def _worksheet(roster: Roster, scores: Scores) -> Export:
    table = roster.table
    if len(scores.tasks) != 1:
        text = Message(
            "{path} is the grading worksheet of one assignment, and there are results for {slugs}; "
            "say which one it is with --assignment",
            path=table.path,
            slugs=", ".join(task.slug for task in scores.tasks),
        )
        raise GradpathError(text)
    (task,) = scores.tasks
    grade = table.column("Grade")
    for name in ("Grade", "Last modified (grade)"):
        if table.column(name) is None:
            text = Message(
                "{path} has no column {name!r}, which Moodle needs; download the grading worksheet "
                "again, in English",
                path=table.path,
                name=name,
            )
            raise GradpathError(text)
    assert grade is not None
    matched = match(scores.students, roster, scores.numbers)
    above = [
        student
        for student, row in matched.rows.items()
        if other_maximum(table.cell(row, "Maximum Grade"), task.max_points)
    ]
    note = Message(
        "{slug} has other points in Moodle than the {points} here, and Moodle passes over what is "
        "above its own (points are written as they are): {names}",
        slug=task.slug,
        points=points_text(task.max_points),
        names=listed(above),
    )
    notes = [note] if above else []

    def is_fixed(row: int, column: int) -> bool:
        return table.cell(row, "Grade can be changed").casefold() in NO

    kept = [index for index, name in enumerate(table.names) if name in _WORKSHEET]
    data, alone = fill(roster, kept, {task.slug: grade}, matched, scores, is_fixed)
    return Export(
        data,
        [*notes, *alone, *differences(scores, matched, roster)],
        len(matched.rows),
        1,
        len(matched.students),
    )


def _grade_export(
    roster: Roster, scores: Scores, given: Mapping[str, str], *, need_all: bool
) -> Export:
    table = roster.table
    titles = table.names
    candidates = [i for i, title in enumerate(titles) if title not in (*_PERSON, _DOWNLOADED)]
    columns, notes = find_columns(
        table, candidates, scores.tasks, _titles, given, need_all=need_all
    )
    matched = match(scores.students, roster, scores.numbers)
    graded = {
        row
        for student, row in matched.rows.items()
        if any(scores.points(student, slug) is not None for slug in columns)
    }
    kept = [i for i, title in enumerate(titles) if title in (*_PERSON, _DOWNLOADED)]
    data, alone = fill(
        roster, kept, columns, matched, scores, lambda row, column: False, graded.__contains__
    )
    return Export(
        data,
        [*notes, *alone, *differences(scores, matched, roster)],
        len(graded),
        len(columns),
        len(matched.students),
    )


def _titles(header: str) -> list[str]:
    title = _REAL.sub("", header)
    kind, colon, rest = title.replace("：", ":").partition(":")
    if kind.strip().casefold() == "feedback":  # as older versions call the column of comments
        return []
    return [title, rest] if colon else [title]

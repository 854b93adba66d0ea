"""Gradescope's roster with the points in it.

The roster ("Download Roster") has `First Name,Last Name,SID,Email,Role` and a column of sections;
older ones have `Name` (https://guides.gradescope.com/hc/en-us/articles/21926598776333). The
columns of points are those of "Download Grades": `<assignment>` and `<assignment> - Max Points`.

Gradescope documents no upload of points that were given elsewhere: there, points come from the
autograder zip of a release. This file is for programs that read Gradescope's gradebook.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gradpath.errors import GradpathError
from gradpath.grading.results import points_text
from gradpath.reports.gradebooks.columns import short_title
from gradpath.reports.gradebooks.fill import Export, differences
from gradpath.reports.gradebooks.roster import match, people_of
from gradpath.reports.gradebooks.scores import Scores
from gradpath.reports.gradebooks.table import Table, table_bytes
from gradpath.text.messages import Message

_PERSON: Final = (
    "first name",
    "last name",
    "name",
    "full name",
    "sid",
    "email",
    "section",
    "sections",
    "section_name",
)


def export(table: Table, scores: Scores, given: Mapping[str, str]) -> Export:
    """Write points beside Gradescope's roster.

    Args:
        table: the roster, or grades, as Gradescope exports them.
        scores: the points.
        given: names of assignments in Gradescope, where these are not the titles.

    Raises:
        GradpathError: the table is no such roster, or students are ambiguous.
    """
    roster = people_of(table, "gradescope")
    matched = match(scores.students, roster, scores.numbers)
    students = {row: student for student, row in matched.rows.items()}
    kept = [i for i, title in enumerate(table.header) if title.strip().casefold() in _PERSON]
    titles = [given.get(task.slug) or short_title(task) for task in scores.tasks]
    if len(set(titles)) < len(titles):
        raise GradpathError(
            Message("two assignments have the same title; tell them apart with --column")
        )
    rows = []
    for row in roster.people:
        points = [
            scores.points(students[row], task.slug) if row in students else None
            for task in scores.tasks
        ]
        cells = [table.rows[row][index] for index in kept]
        for task, value in zip(scores.tasks, points, strict=True):
            cells += ["" if value is None else points_text(value), points_text(task.max_points)]
        rows.append(cells)
    header = [table.header[index] for index in kept]
    for title in titles:
        header += [title, f"{title} - Max Points"]
    return Export(
        table_bytes(header, rows, table.delimiter, bom=table.bom),
        differences(scores, matched, roster),
        len(matched.rows),
        len(scores.tasks),
        len(matched.students),
    )

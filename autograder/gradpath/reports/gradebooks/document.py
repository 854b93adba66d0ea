"""All points in one JSON file, for programs other than course sites.

    {"version": 1, "course": "...",
     "assignments": [{"slug": "...", "title": "...", "max_points": 10.0}, ...],
     "students": [{"student": "...", "in_roster": true, "ids": {"SIS Login ID": "...", ...},
                   "scores": [{"assignment": "...", "score": 7.5, "status": "graded"}, ...]}, ...]}

Each student has an entry for each assignment, in the order of `assignments`. `status` is that of
the result (`graded`, `unreadable`); `failed` where the grader itself did, `missing` where there is
no submission, both with the score null. Without a roster, `in_roster` is null and `ids` empty. A
student in the roster alone is called by the first id there. `version` changes when a reader
of this one could not read the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from gradpath.reports.gradebooks.fill import Export, differences
from gradpath.reports.gradebooks.roster import Matched, Roster, match, people_of, site_of
from gradpath.reports.gradebooks.scores import Scores, Status, Task
from gradpath.reports.gradebooks.table import Table

VERSION: Final = 1


class _Score(msgspec.Struct, frozen=True):
    assignment: str
    score: float | None
    status: Status


class _Student(msgspec.Struct, frozen=True):
    student: str
    in_roster: bool | None
    ids: dict[str, str]
    scores: list[_Score]


class _Document(msgspec.Struct, frozen=True):
    version: int
    course: str
    assignments: list[Task]
    students: list[_Student]


def export(table: Table | None, scores: Scores, course: str) -> Export:
    """Write points as JSON.

    Args:
        table: the roster of any of the sites, if there is one.
        scores: the points.
        course: the name of the course.

    Raises:
        GradpathError: the table is no roster, or students are ambiguous.
    """
    roster, matched = None, Matched({})
    if table is not None:
        roster = people_of(table, site_of(table))
        matched = match(scores.students, roster, scores.numbers)
    students = [
        _of_results(student, scores, roster, matched.rows)
        for student in scores.students
        if student not in matched.students
    ]
    if roster is not None:
        rows = {*matched.rows.values(), *matched.doubtful}
        students += [
            _Student(roster.name(row), True, roster.ids(row), _scores("", scores))
            for row in roster.people
            if row not in rows
        ]
    students.sort(key=lambda student: (student.student, str(student.ids)))
    document = _Document(VERSION, course, list(scores.tasks), students)
    data = msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
    notes = differences(scores, matched, roster) if roster is not None else []
    return Export(data, notes, len(students), len(scores.tasks), len(matched.students))


def _of_results(
    student: str, scores: Scores, roster: Roster | None, matched: Mapping[str, int]
) -> _Student:
    if roster is None:
        return _Student(student, None, {}, _scores(student, scores))
    ids = roster.ids(matched[student]) if student in matched else {}
    return _Student(student, student in matched, ids, _scores(student, scores))


def _scores(student: str, scores: Scores) -> list[_Score]:
    return [
        _Score(task.slug, scores.points(student, task.slug), scores.status(student, task.slug))
        for task in scores.tasks
    ]

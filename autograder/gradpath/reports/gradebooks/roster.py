"""Rosters: the students of the results in the table that a course site exports."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from gradpath.errors import GradpathError
from gradpath.reports.gradebooks.headings import moodle_names
from gradpath.reports.gradebooks.table import Table
from gradpath.submissions.lms_names import is_participant
from gradpath.submissions.names import student_name
from gradpath.text import printable
from gradpath.text.messages import Message, joined

Site = Literal["canvas", "moodle", "gradescope"]

ID_COLUMNS: Final[dict[Site, tuple[str, ...]]] = {
    # The first one that a row has is the name of the student in messages.
    "canvas": ("SIS Login ID", "SIS User ID", "Integration ID", "ID"),
    "moodle": ("Identifier", "Username", "ID number", "Email address"),
    "gradescope": ("SID", "Email"),
}
_TEST_STUDENT: Final = "Student, Test"
"""The last row of Canvas: a teacher in the student view."""


@dataclass(frozen=True)
class Roster:
    """A roster, with the rows that are students."""

    table: Table
    site: Site
    people: Sequence[int]

    def ids(self, row: int) -> dict[str, str]:
        """Return the ids that tell the student of a row from others, by column."""
        cells = {name: self.table.cell(row, name) for name in ID_COLUMNS[self.site]}
        return {name: cell for name, cell in cells.items() if cell}

    def name(self, row: int) -> str:
        """Return the name of the student of a row in messages."""
        ids = [*self.ids(row).values()]
        return ids[0] if ids else f"{' '.join(filter(None, self.table.rows[row][:2]))} (no id)"


def site_of(table: Table) -> Site:
    """Tell which site a roster is from.

    Raises:
        GradpathError: no site that is known writes such columns.
    """
    there = {*table.names}
    if {"id", "section"} <= there and there & {"student", "lastname"}:
        return "canvas"
    if there & {"identifier", "username", "id number", "email address"}:
        return "moodle"
    if there & {"sid", "email"}:
        return "gradescope"
    if moodle_names(table.header, table.rows):
        return "moodle"
    raise GradpathError(
        Message(
            "{path} has no column that tells students apart; it is to be a gradebook export of "
            "Canvas (Student, ID, ..., Section), a grade export or grading worksheet of Moodle "
            "(Username, ID number, Email address or Identifier; if Moodle is in another language, "
            "set it to English and export again), or a roster of Gradescope (SID, Email)",
            path=table.path,
        )
    )


def people_of(table: Table, site: Site) -> Roster:
    """Find the students in a roster.

    Raises:
        GradpathError: the roster is another site's.
    """
    other = site_of(table)
    if other != site:
        raise GradpathError(
            Message(
                "{path} looks like a roster of {other}; give --format {format}, or the roster that "
                "{site} exports",
                path=table.path,
                other=other.capitalize(),
                format=other,
                site=site.capitalize(),
            )
        )
    english = moodle_names(table.header, table.rows) if site == "moodle" else None
    table = replace(table, english=english or ())
    return Roster(
        table, site, [row for row in range(len(table.rows)) if _is_person(table, site, row)]
    )


def _is_person(table: Table, site: Site, row: int) -> bool:
    if site == "canvas":
        name = table.rows[row][0].strip()
        return not is_about_columns(table, row) and name != _TEST_STUDENT
    if site == "gradescope":
        return table.cell(row, "Role").casefold() in ("", "student")
    return True


def is_about_columns(table: Table, row: int) -> bool:
    """Tell whether a row of Canvas is about assignments: their points, how they are posted."""
    cells = [cell.strip().casefold() for cell in table.rows[row]]
    return "points possible" in cells[0] or all(
        cell in ("", "muted") or cell.startswith("manual posting") for cell in cells
    )


@dataclass(frozen=True)
class Matched:
    """Students of the results and their rows in a roster.

    Attributes:
        rows: the row of each student in the roster.
        students: those that may be somebody else; they get no points.
        doubtful: rows that may be theirs and are nobody else's.
        doubts: a line for each doubt.
    """

    rows: Mapping[str, int]
    students: frozenset[str] = frozenset()
    doubtful: frozenset[int] = frozenset()
    doubts: Sequence[str] = ()


def match(
    students: Collection[str], roster: Roster, numbers: Mapping[str, str] = MappingProxyType({})
) -> Matched:
    """Find students in a roster, by any of its id columns.

    Ids are compared without blanks around them and in any case; where two students would be one
    person, an id that is equal letter by letter decides. Of an address, the part before the `@`
    counts as an id as well. The number that a course site writes beside a
    name tells people of equal names apart.

    Args:
        students: the students of the results.
        roster: the roster.
        numbers: the number of each student that a course site has named in a path.

    Raises:
        GradpathError: nobody can be matched.
    """
    rows = _rows_by_key(roster)
    by_number: dict[str, set[int]] = defaultdict(set)
    for row in roster.people:
        by_number[_number(roster, row)].add(row)
    doubts: list[str] = []
    rows_of: dict[str, list[int]] = {}
    owners: dict[int, list[str]] = defaultdict(list)
    for student in sorted(students):
        base, _, end = student.rpartition("_")
        number = numbers.get(student) or (end if base and end.isdecimal() else "")
        same_number = by_number[number] if number else set()
        matching = sorted(_matching(student, rows, roster))
        if len(matching) > 1:
            matching = sorted(same_number.intersection(matching)) or matching
        elif not matching:
            named = _matching(base, rows, roster)
            is_sure = is_participant(base) or (roster.site == "canvas" and student in numbers)
            matching = sorted(same_number if is_sure else same_number.intersection(named))
        rows_of[student] = matching
        if len(matching) == 1:
            owners[matching[0]].append(student)
        elif matching:
            several = joined(" and ", [printable(roster.name(row)) for row in matching[:3]])
            doubts.append(
                Message(
                    "{student} of the results could be {several} in {path}; take the row or the "
                    "column out of a copy of it that does not belong to the student",
                    student=student,
                    several=several,
                    path=roster.table.path,
                )
            )
    matched = _without_doubt(owners, roster, doubts)
    if students and not matched:
        if doubts:
            raise GradpathError(doubts[0])
        text = Message(
            "nobody of the results is in {path} (the results have {students}, the roster {some}); "
            "is it this course's roster?",
            path=roster.table.path,
            students=min(students),
            some=printable(roster.name(roster.people[0])) if roster.people else Message("nobody"),
        )
        raise GradpathError(text)
    doubtful = {student for student, found in rows_of.items() if found and student not in matched}
    their_rows = {row for student in doubtful for row in rows_of[student]} - {*matched.values()}
    return Matched(matched, frozenset(doubtful), frozenset(their_rows), doubts)


def _without_doubt(
    owners: Mapping[int, Sequence[str]], roster: Roster, doubts: list[str]
) -> dict[str, int]:
    """Return the row of each student that alone has it; append a line for each other row."""
    matched = {}
    for row, students in owners.items():
        ids = {student_name(id.strip()) for id in roster.ids(row).values()}
        sure = [student for student in students if len(students) == 1 or student in ids]
        if len(sure) == 1:
            matched[sure[0]] = row
        if len(students) > 1:
            doubts.append(
                Message(
                    "{students} of the results are both {name} in {path}; grade them under one id",
                    students=joined(" and ", students),
                    name=printable(roster.name(row)),
                    path=roster.table.path,
                )
            )
    return matched


def _rows_by_key(roster: Roster) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = defaultdict(set)
    for row in roster.people:
        for id in (*roster.ids(row).values(), *_ids_of_downloads(roster, row)):
            rows[_key(id)].add(row)
        for id in roster.ids(row).values():
            local, at, _ = id.partition("@")
            if local.strip() and at:
                rows[_key(local)].add(row)
    return rows


def _matching(student: str, rows: Mapping[str, set[int]], roster: Roster) -> set[int]:
    """Return the rows of a student; older versions of Moodle left each `_` in a name."""
    spaced = student.replace("_", " ") if roster.site == "moodle" else student
    return rows.get(_key(student)) or rows.get(_key(spaced)) or set()


def _number(roster: Roster, row: int) -> str:
    """Return the number that the site's downloads have beside the name of a row's student."""
    if roster.site == "canvas":
        return roster.table.cell(row, "ID")
    digits = re.search(r"[0-9]+$", roster.table.cell(row, "Identifier"))
    return digits[0] if digits and roster.site == "moodle" else ""


def _ids_of_downloads(roster: Roster, row: int) -> list[str]:
    """Return the names that the site's own download gives the student of a row.

    See `gradpath.submissions.downloads`: Canvas has the sortable name in lower case with the
    user's number, Moodle the full name, which is enough where nobody else has it.
    """
    table = roster.table
    if roster.site == "canvas":
        cells = table.rows[row]
        name = table.cell(row, "Student") or ", ".join(
            filter(None, [table.cell(row, "LastName"), table.cell(row, "FirstName")])
        )
        word = "".join(c for c in (name or cells[0]).lower() if c.isalnum() or c == "_")
        number = table.cell(row, "ID")
        return [f"{word}_{number}"] if word and number else []
    if roster.site == "moodle":
        last = table.cell(row, "Last name") or table.cell(row, "Surname")
        parts = [table.cell(row, "First name"), last]
        full = table.cell(row, "Full name") or " ".join(filter(None, parts))
        return [full.replace("_", " ")] if full else []
    return []


def _key(text: str) -> str:
    return student_name(text.strip()).casefold()

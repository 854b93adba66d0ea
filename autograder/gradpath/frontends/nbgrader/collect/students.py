"""The student ids in nbgrader of people on a course site.

In this order:

1. The id that the course's configuration (`c.LmsCollector.student_ids`) has for the name with its
   number, or for a Canvas user's number.
2. Canvas: the student of the gradebook with the file name's number as `lms_user_id`. Not for
   Moodle: its numbers belong to one assignment, so an equal one is somebody else's.
3. The id that the configuration has for the name alone, or the one student of the gradebook with
   this first and last name; in both cases if nobody else in the download would get the same id.
4. A new id. Canvas: `<name>_<number>`, which is the same in all assignments. Moodle: the full name,
   because its number changes from one assignment to the next.

Nobody's work is ever merged with somebody else's: when two people would get the same id, each gets
`<name>_<number>`. For Moodle, such ids (and those of anonymous marking) differ between assignments;
rule 1 is the way to join them.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

MAX_BYTES: Final = 120
"""Of an id in UTF-8. File systems take 255 for a name, nbgrader's column 128 characters."""


@dataclass(frozen=True)
class Owner:
    """The owner of a file as the course site names it: a student, or a group.

    Attributes:
        site: `canvas`, `moodle`, `gradescope`, or `course` where the course's own regular
            expression has found the student's id; that is then the name.
        name: the name as the site writes it; may be empty.
        number: tells people of this name apart; may be empty.
    """

    site: str
    name: str
    number: str = ""

    @property
    def key(self) -> str:
        """The name and the number as in the path."""
        return "_".join(filter(None, [self.name, self.number]))


@dataclass(frozen=True)
class Student:
    """A student of the gradebook."""

    id: str
    first_name: str = ""
    last_name: str = ""
    lms_user_id: str = ""


def assign_ids(
    owners: Iterable[Owner], students: Iterable[Student], given: Mapping[str, str]
) -> tuple[dict[Owner, str], list[str]]:
    """Give each owner of one download a student id.

    Args:
        owners: everybody in the download.
        students: everybody in the gradebook.
        given: ids that the configuration gives to keys, numbers (Canvas) or names.

    Returns:
        The ids, and a line for each thing that staff should know.
    """
    owners = sorted(set(owners), key=lambda owner: (owner.key, owner.site))
    known = list(students)
    certain = {owner: id for owner in owners if (id := _certain(owner, known, given))}
    ids = certain | {
        owner: _by_name(owner, known, given) or _new(owner)
        for owner in owners
        if owner not in certain
    }
    people = defaultdict(list)
    for owner, id in ids.items():
        # Some file systems know no difference between S01 and s01.
        people[id.casefold()].append(owner)
    notes = []
    for same in people.values():
        if len(same) < 2:
            continue
        unsure = [owner for owner in same if owner not in certain]
        for owner in unsure:
            ids[owner] = _new(owner, numbered=True)
        if unsure:
            names = ", ".join(ids[owner] for owner in same)
            notes.append(
                f"{len(same)} students would be called {_new(unsure[0])!r}; they are kept apart as "
                f"{names}. Say who is who with c.LmsCollector.student_ids"
            )
    return ids, notes


def _certain(owner: Owner, students: Iterable[Student], given: Mapping[str, str]) -> str:
    """Return the id if there is no doubt about it, else an empty text."""
    keys = [owner.key, *([owner.number] if owner.site == "canvas" else [])]
    for key in keys if owner.number else ():
        if given.get(key):
            return safe_id(given[key])
    if owner.site == "course":
        return safe_id(owner.name)
    if owner.site == "canvas" and owner.number:
        ids = [student.id for student in students if student.lms_user_id == owner.number]
        if len(ids) == 1:
            return ids[0]
    return ""


def _by_name(owner: Owner, students: Iterable[Student], given: Mapping[str, str]) -> str:
    """Return the id that the name alone leads to, else an empty text."""
    wanted = _letters(owner.name)
    if not wanted:
        return ""
    if given.get(owner.name):
        return safe_id(given[owner.name])
    ids = [
        each.id
        for each in students
        if wanted
        in (_letters(each.first_name + each.last_name), _letters(each.last_name + each.first_name))
    ]
    return ids[0] if len(ids) == 1 else ""


def _new(owner: Owner, numbered: bool = False) -> str:
    name = safe_id(owner.name)
    if owner.site == "gradescope":
        return f"submission_{owner.number}"
    if numbered or owner.site == "canvas" or not name:
        return "_".join(filter(None, [name, safe_id(owner.number)])) or "student"
    return name


def _letters(text: str) -> str:
    """Return the characters of a name that no site leaves out or changes."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return "".join(each for each in plain if unicodedata.category(each)[0] in "LMN")


def safe_id(text: str) -> str:
    """Make a student id of a text: one that folders, nbgrader and its exchange can take.

    Letters, marks and digits of any script stay, and spaces, `_`, `-`, `.` and `@` inside the text.
    The rest goes: characters with a meaning in a path, in a file pattern (nbgrader takes
    `--student` for one), in the exchange's folder names (`+`) or in a list of students (`,`).

    Returns:
        The id in Unicode's composed form; empty if nothing is left.
    """
    plain = unicodedata.normalize("NFC", text)
    kept = "".join(
        each
        for each in " ".join(plain.split())
        if unicodedata.category(each)[0] in "LMN" or each in " _-.@"
    )
    while ".." in kept:
        kept = kept.replace("..", ".")
    cut = kept.strip(" .-").encode()[:MAX_BYTES].decode(errors="ignore")
    return cut.strip(" .-")
